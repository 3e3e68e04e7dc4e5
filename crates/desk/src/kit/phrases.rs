//! Phrases that a new system begins with: short, polite, and saying what comes next.

/// A text in Chinese and English.
type Both = (&'static str, &'static str);

/// Key, name and words of each.
pub const PHRASES: &[(&str, Both, Both)] = &[
    ("phrase-greeting", ("问候", "Greeting"), ("{{requester.name}}，您好！", "Dear {{requester.name}},")),
    (
        "phrase-received",
        ("已收到", "Received"),
        ("您反映的情况已收到，单号 {{record.number}}，我正在查看。", "Your report has arrived as {{record.number}}; I am looking into it."),
    ),
    (
        "phrase-patience",
        ("请稍候", "A moment"),
        ("还需要一点时间，有进展我会马上告诉您。", "This needs a little longer; I will tell you as soon as I know more."),
    ),
    ("phrase-sorry", ("致歉", "Sorry"), ("给您的工作带来不便，非常抱歉。", "I am sorry that this gets in the way of your work.")),
    (
        "phrase-thanks",
        ("感谢说明", "Thanks for the details"),
        ("谢谢您补充的信息，这对判断原因很有帮助。", "Thank you for the details; they help to find the cause."),
    ),
    (
        "phrase-question",
        ("请补充", "Please add"),
        (
            "为了尽快处理，请您告诉我出现的时间和屏幕上的提示。",
            "To help you sooner, please tell me when it happens and what the screen says.",
        ),
    ),
    (
        "phrase-call",
        ("方便时联系", "When may I call"),
        ("请问您什么时候方便？我给您打电话一起看一下。", "When would suit you? I will call and we look at it together."),
    ),
    (
        "phrase-check",
        ("请确认", "Please check"),
        (
            "已经处理好了，请您试一下；如果还有问题，直接回复即可。",
            "It should work now. Please try, and just reply if anything is still wrong.",
        ),
    ),
    (
        "phrase-handed",
        ("已转交", "Handed over"),
        ("这件事已转给更熟悉的同事，您不用重复说明情况。", "A colleague who knows this better has it now; you need not explain it again."),
    ),
    (
        "phrase-closing",
        ("结束语", "Closing"),
        ("感谢您的配合，祝工作顺利！{{me.name}}", "Thank you for your help. Kind regards, {{me.name}}"),
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::placeholder::unknown;

    #[test]
    fn their_placeholders_are_known() {
        for (key, _, (zh, en)) in PHRASES {
            assert_eq!(unknown(zh, |_| false), unknown(en, |_| false), "{key}");
            assert!(unknown(zh, |_| false).is_empty(), "{key}");
        }
        assert_eq!(PHRASES.len(), 10);
    }
}
