use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::*;

const PATIENCE: Duration = Duration::from_millis(400);

/// What a server does when it has the whole message.
#[derive(Clone, Copy)]
enum Then {
    Takes,
    Refuses,
    Closes,
    SaysNothing,
}

/// A server that greets, takes every command, and then does so to each message; the port.
async fn server(then: Then) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (read, mut write) = stream.into_split();
            let (mut lines, mut data) = (BufReader::new(read).lines(), false);
            write.write_all(b"220 test\r\n").await.unwrap();
            while let Ok(Some(line)) = lines.next_line().await {
                let answer: &[u8] = match (data, line.as_str(), then) {
                    (false, "DATA", _) => b"354 go on\r\n",
                    (false, ..) => b"250 ok\r\n",
                    (true, ".", Then::Takes) => b"250 taken\r\n",
                    (true, ".", Then::Refuses) => b"554 no\r\n",
                    (true, ".", Then::Closes) => break,
                    (true, ..) => b"",
                };
                data = if data { line != "." || matches!(then, Then::SaysNothing) } else { line == "DATA" };
                write.write_all(answer).await.unwrap();
            }
        }
    });
    port
}

fn message() -> Message {
    let (from, to) = ("desk@example.org".parse().unwrap(), "somebody@example.org".parse().unwrap());
    Message::builder().from(from).to(to).subject("told").body("说明".to_owned()).unwrap()
}

fn relay(port: u16) -> Relay {
    Relay::new("127.0.0.1".to_owned(), port, None)
}

#[tokio::test]
async fn what_was_handed_over_without_an_answer_is_not_known_to_have_stayed() {
    for then in [Then::Closes, Then::SaysNothing] {
        let failure = relay(server(then).await).send(&message(), PATIENCE).await.unwrap_err();
        assert!(matches!(failure, Failure::Unknown(_)), "{failure:?}");
    }
}

#[tokio::test]
async fn what_was_refused_or_never_handed_over_has_not_left() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    for port in [server(Then::Refuses).await, silent.local_addr().unwrap().port(), nobody] {
        let failure = relay(port).send(&message(), PATIENCE).await.unwrap_err();
        assert!(matches!(failure, Failure::NotSent(_)), "{failure:?}");
    }
}

#[tokio::test]
async fn one_connection_takes_several() {
    let mut relay = relay(server(Then::Takes).await);
    for _ in 0..3 {
        assert_eq!(relay.send(&message(), PATIENCE).await, Ok(()));
        assert!(relay.connection.is_some());
    }
    relay.close().await;
}
