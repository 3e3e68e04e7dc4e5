//! `/announcements` and `/hints`: who is told what, from when until when, and what may spare a report.

use serde_json::{Value, json};

use crate::harness::{Call, Caller, Database, House, Live, Person, Proof, at, instant_in, number, pages, s, unique, until};

on_both!(
    an_announcement_is_published_changed_and_ended,
    it_begins_and_ends_by_the_clock,
    only_those_it_is_meant_for_see_it,
    its_record_is_named_to_those_who_may_read_it,
    nonsense_is_refused,
    whoever_looks_is_told_at_once,
    hints_are_announcements_and_the_readers_own_records,
    a_hint_never_tells_of_anothers_record,
    hints_find_what_ordinary_words_mean,
    who_works_is_told_of_open_records_that_they_may_read,
    who_is_affected_too_says_so_with_one_tap,
    who_is_affected_is_told_when_it_is_over_and_nothing_else,
    what_is_cancelled_or_moved_leaves_nobody_waiting_in_vain,
    what_is_solved_says_so_and_ends_by_itself,
    many_say_so_at_once,
    nothing_is_said_about_what_has_no_record_or_is_over,
    a_token_without_the_scope_writes_none_and_is_told_so,
    what_was_taken_away_stays_away,
    what_was_over_long_ago_is_read_no_more;
    alone: words_that_mean_the_same_here_are_a_setting, what_is_over_comes_back_only_where_there_is_room, who_waits_is_told_however_long_the_announcement_is_over,
);

fn announcement(title: &str) -> Value {
    json!({ "title": { "zh": title, "en": title }, "severity": "outage", "body": { "zh": "正在**处理**。" } })
}

fn publish(by: &Caller, body: &Value) -> Value {
    by.post("/announcements", body).ok(201)
}

fn path(made: &Value) -> String {
    format!("/announcements/{}", made["id"].as_str().unwrap())
}

fn is_listed(by: &Caller, made: &Value) -> bool {
    pages(by, "/announcements?limit=2").iter().any(|item| item["id"] == made["id"])
}

fn sees(by: &Caller, made: &Value) -> bool {
    let listed = is_listed(by, made);
    let status = by.get(path(made)).status;
    assert_eq!(status == 200, listed, "the list and the address say the same, or {status}");
    listed
}

fn an_announcement_is_published_changed_and_ended(house: &House) {
    let (desk, reader) = (&house.cast.desk, &house.cast.stranger);
    let title = unique("mail is down");
    let key = unique("announce");
    let call = Call::post("/announcements", &announcement(&title)).once(&key);
    let made = desk.send(&call).ok(201);
    assert_eq!(desk.send(&call).ok(201)["id"], made["id"], "asked again, it is the same one");
    assert_eq!((&made["stage"], &made["severity"], &made["audience"]), (&json!("current"), &json!("outage"), &Value::Null));
    assert!(sees(reader, &made));
    let seen = reader.read(path(&made));
    assert_eq!((&seen["title"], &seen["can_change"]), (&json!(title), &json!(false)));
    reader.post("/announcements", &announcement("x")).problem(403, "forbidden");
    reader.patch(path(&made), 1, &json!({ "severity": "info" })).problem(403, "forbidden");
    desk.send(&Call::patch(path(&made), &json!({ "severity": "info" }))).problem(428, "if_match_required");
    let changed = desk.patch(path(&made), 1, &json!({ "severity": "warning", "title": { "en": "Mail is slow" } })).ok(200);
    assert_eq!((&changed["titles"]["zh"], &changed["titles"]["en"]), (&json!(title), &json!("Mail is slow")), "what is left out stays");
    let stale = desk.patch(path(&made), 1, &json!({ "severity": "info" })).problem(412, "stale");
    assert!(stale["meanwhile"].as_array().is_some_and(|changes| !changes.is_empty()), "{stale}");
    let end = Call::new("POST", format!("{}/end", path(&made)));
    desk.send(&end).problem(428, "if_match_required");
    assert_eq!(desk.send(&end.seen(2)).ok(200)["stage"], "ended");
    assert!(!sees(reader, &made));
    let all = pages(desk, "/announcements?show=all&limit=3");
    assert!(all.iter().any(|item| item["id"] == made["id"] && item["stage"] == "ended"), "those who write them still see it");
    reader.get("/announcements?show=all").problem(403, "forbidden");
}

fn it_begins_and_ends_by_the_clock(house: &House) {
    let (desk, reader) = (&house.cast.desk, &house.cast.stranger);
    let with = |more: Value| crate::harness::with(announcement(&unique("by the clock")), more);
    let later = publish(desk, &with(json!({ "from": instant_in(8), "until": instant_in(3600) })));
    assert_eq!(later["stage"], "planned");
    assert!(!sees(reader, &later));
    assert!(reader.read("/announcements")["changes_at"].is_string(), "the reader is told when to look again");
    let short = publish(desk, &with(json!({ "until": instant_in(20) })));
    assert!(sees(reader, &short));
    // Between the list and the address it may begin.
    until(s(30), "it begins", || is_listed(reader, &later).then_some(()));
    until(s(60), "it ends", || (!is_listed(reader, &short)).then_some(()));
    let never = publish(desk, &with(json!({ "from": instant_in(600) })));
    assert_eq!(desk.send(&Call::new("POST", format!("{}/end", path(&never))).seen(1)).ok(200)["stage"], "ended", "it is taken away");
}

fn only_those_it_is_meant_for_see_it(house: &House) {
    let (admin, desk) = (&house.cast.admin, &house.cast.desk);
    let place = |kind: &str, key: &str, parent: Option<&str>| {
        let body = json!({ "key": key, "label": { "en": key }, "parent": parent });
        admin.post(format!("/{kind}"), &body).ok(201);
    };
    let (site, room, department) = (unique("site"), unique("room"), unique("department"));
    place("sites", &site, None);
    place("sites", &room, Some(&site));
    place("departments", &department, None);
    let (here, there) = (house.person("here", &["requester"]), house.person("there", &["requester"]));
    let version = admin.get(format!("/users/{}", here.id)).version();
    admin.patch(format!("/users/{}", here.id), version, &json!({ "site": room, "department": department })).ok(200);
    let meant = |audience: Value| publish(desk, &crate::harness::with(announcement(&unique("meant")), json!({ "audience": audience })));
    for audience in
        [json!({ "sites": [site] }), json!({ "departments": [department] }), json!({ "sites": ["tower"], "departments": [department] })]
    {
        let made = meant(audience);
        assert!(sees(&here, &made) && !sees(&there, &made));
        assert!(there.read(path(&meant(Value::Null)))["audience"].is_null());
    }
    let mate = house.person("mate", &["agent"]);
    let team = house.team("told", &[&mate]);
    let made = meant(json!({ "teams": [team] }));
    assert!(sees(&mate, &made) && !sees(&here, &made));
    // A service: whoever waits for it, from the report on.
    let service = unique("service");
    admin.post("/services", &json!({ "key": service, "label": { "en": service }, "team": team })).ok(201);
    let made = meant(json!({ "services": [service] }));
    assert!(sees(&mate, &made), "the team that answers for it");
    assert!(!sees(&here, &made));
    let opened = here.post("/records/incident", &json!({ "title": "x", "service": service })).ok(201);
    assert!(sees(&here, &made) && !sees(&there, &made));
    crate::harness::act(&here, &number(&opened), "cancel", &json!({ "reason": "withdrawn" })).ok(200);
    assert!(!sees(&here, &made));
}

fn its_record_is_named_to_those_who_may_read_it(house: &House) {
    let title = unique("the secret of the owner");
    let record = number(&house.cast.owner.post("/records/incident", &json!({ "title": title })).ok(201));
    let made = publish(&house.cast.desk, &crate::harness::with(announcement(&unique("of a record")), json!({ "record": record })));
    for reader in [&house.cast.owner, &house.cast.agent] {
        assert_eq!(reader.read(path(&made))["record"]["number"], record.as_str());
    }
    let told = house.cast.stranger.get(path(&made)).text() + &house.cast.stranger.get("/announcements?limit=200").text();
    assert!(!told.contains(&record) && !told.contains(&title), "{told}");
}

fn nonsense_is_refused(house: &House) {
    let desk = &house.cast.desk;
    let post = |more: Value| desk.post("/announcements", &crate::harness::with(announcement("x"), more));
    desk.post("/announcements", &json!({ "severity": "info" })).invalid("/title", "required");
    post(json!({ "title": { "zh": " " } })).invalid("/title", "required");
    post(json!({ "title": "x" })).invalid("/title", "format");
    post(json!({ "title": { "zh": "x".repeat(121) } })).invalid("/title/zh", "length");
    post(json!({ "severity": "red" })).invalid("/severity", "enum");
    post(json!({ "until": "tomorrow" })).invalid("/until", "format");
    post(json!({ "from": instant_in(60), "until": instant_in(30) })).invalid("/until", "order");
    post(json!({ "audience": {} })).invalid("/audience", "required");
    post(json!({ "audience": { "sites": ["atlantis"] } })).invalid("/audience/sites/0", "unknown_reference");
    post(json!({ "audience": { "people": ["owner"] } })).invalid("/audience", "format");
    post(json!({ "services": ["atlantis"] })).invalid("/services/0", "unknown_reference");
    post(json!({ "record": "INC-2000-000001" })).invalid("/record", "unknown_reference");
    post(json!({ "html": "<b>" })).invalid("/html", "unknown_field");
    assert_eq!(desk.get("/announcements?show=some").status, 400);
}

fn whoever_looks_is_told_at_once(house: &House) {
    let mut live = Live::follow(&house.cast.stranger);
    let made = publish(&house.cast.desk, &announcement(&unique("live")));
    let event = until(s(15), "the event comes", || live.next(s(15)).filter(|(_, data)| data["topic"] == "announcement"));
    assert!(!event.1.to_string().contains(made["id"].as_str().unwrap()), "which one it was is not told: {}", event.1);
    assert!(sees(&house.cast.stranger, &made));
}

fn hints(by: &Caller, title: &str, service: Option<&str>) -> Value {
    let title = crate::records::filter::encoded(title);
    let service = service.map_or_else(String::new, |service| format!("&service={service}"));
    by.read(format!("/hints?title={title}{service}"))
}

fn found(hints: &Value, kind: &str, by: &str, value: &Value) -> bool {
    hints[kind].as_array().unwrap().iter().any(|item| &item[by] == value)
}

fn hints_are_announcements_and_the_readers_own_records(house: &House) {
    let person = house.person("reports", &["requester"]);
    let word = unique("quasar");
    let made = publish(&house.cast.desk, &announcement(&format!("The {word} telescope is down")));
    let own = number(&person.post("/records/incident", &json!({ "title": format!("{word} telescope does not move") })).ok(201));
    let told = hints(&person, &format!("my {word} telescope"), None);
    assert!(found(&told, "announcements", "id", &made["id"]), "{told}");
    assert!(found(&told, "records", "number", &json!(own)), "{told}");
    let other = hints(&person, "the door squeaks", None);
    assert!(!found(&other, "announcements", "id", &made["id"]) && other["records"] == json!([]), "{other}");
    // By the service alone.
    let service = unique("service");
    house.cast.admin.post("/services", &json!({ "key": service, "label": { "en": service } })).ok(201);
    let about = publish(&house.cast.desk, &crate::harness::with(announcement(&unique("x")), json!({ "services": [service] })));
    assert!(found(&hints(&person, "cannot sign in", Some(&service)), "announcements", "id", &about["id"]));
    assert!(!found(&hints(&person, "cannot sign in", Some("oa")), "announcements", "id", &about["id"]));
    // What has ended is no hint.
    crate::harness::act(&person, &own, "cancel", &json!({ "reason": "withdrawn" })).ok(200);
    assert_eq!(hints(&person, &format!("my {word} telescope"), None)["records"], json!([]));
}

fn a_hint_never_tells_of_anothers_record(house: &House) {
    let (whistle, spy) = (house.person("whistle", &["requester"]), house.person("spy", &["requester"]));
    let title = unique("strictly confidential matter");
    let before = hints(&spy, &title, None);
    let parent = number(&whistle.post("/records/incident", &json!({ "title": title, "service": "erp" })).ok(201));
    let child = number(&whistle.post("/records/incident", &json!({ "title": title, "service": "erp" })).ok(201));
    let link = json!({ "to": parent, "kind": "parent" });
    crate::harness::act(&house.cast.desk, &child, "link", &link).ok(200);
    assert_eq!(hints(&spy, &title, None), before);
    assert_eq!(hints(&house.cast.desk, &title, None)["records"], json!([]), "not even those who may read it: hints are of one's own");
    spy.get(at(&parent, "/children")).problem(404, "not_found");
}

fn hints_find_what_ordinary_words_mean(house: &House) {
    let person = house.person("reports", &["requester"]);
    let made = publish(&house.cast.desk, &crate::harness::with(announcement("x"), json!({ "title": { "zh": "办公区无线网络中断" } })));
    let own = number(&person.post("/records/incident", &json!({ "title": "打印机没反应" })).ok(201));
    for said in ["无线连不上", "办公室无线连不上", "WiFi 连不上", "会议室无线断开", "the office wi-fi is down", "无线网络断了"]
    {
        assert!(found(&hints(&person, said, None), "announcements", "id", &made["id"]), "{said}");
    }
    for said in ["连不上", "打印机连不上", "办公室灯坏了", "the lift is down"] {
        assert!(!found(&hints(&person, said, None), "announcements", "id", &made["id"]), "{said}");
    }
    for said in ["打印机无法打印", "三楼的打印机坏了", "printers do not print"] {
        assert_eq!(hints(&person, said, None)["records"][0]["number"], json!(own), "{said}");
    }
    assert_eq!(hints(&person, "无线连不上", None)["records"], json!([]));
}

fn who_works_is_told_of_open_records_that_they_may_read(house: &House) {
    let (desk, person) = (&house.cast.desk, house.person("caller", &["requester"]));
    let open = |title: &str, more: Value| {
        let body = crate::harness::with(json!({ "title": title, "requester": person.name, "channel": "phone" }), more);
        number(&desk.post("/records/incident", &body).ok(201))
    };
    let (service, site) = (unique("service"), unique("site"));
    house.cast.admin.post("/services", &json!({ "key": service, "label": { "en": service } })).ok(201);
    house.cast.admin.post("/sites", &json!({ "key": site, "label": { "en": site } })).ok(201);
    let there = open("天文台穹顶无法转动", json!({ "service": service }));
    let newer = open("天文台穹顶不能转动", json!({}));
    let said = crate::records::filter::encoded("天文台的穹顶转不动");
    let all = |by: &Caller, more: &str| by.read(format!("/hints?whose=all&title={said}{more}"));
    let listed = |told: &Value| -> Vec<String> { told["records"].as_array().unwrap().iter().map(number).collect() };
    assert_eq!(listed(&all(desk, "")), [newer.clone(), there.clone()], "the newest of those that are equally alike first");
    let of_service = all(desk, &format!("&service={service}"));
    assert_eq!(listed(&of_service), [there.clone(), newer.clone()], "those of the same service before them");
    assert_eq!(of_service["records"][0]["service"]["key"], json!(service));
    // Nobody is told of what they may not read, and without being asked, of nothing but their own.
    assert_eq!(listed(&all(&house.cast.stranger, "")), Vec::<String>::new());
    assert_eq!(desk.read(format!("/hints?title={said}"))["records"], json!([]));
    assert_eq!(listed(&all(&person, "")).len(), 2, "what is theirs they may read");
    house.cast.stranger.get(format!("/hints?whose=others&title={said}")).problem(400, "malformed");
    // What hangs below another stands for that one, and what has ended is no hint.
    let whole = open("观测站停电", json!({ "site": site }));
    crate::harness::act(desk, &newer, "link", &json!({ "to": whole, "kind": "parent" })).ok(200);
    assert_eq!(listed(&all(desk, "")), [whole.clone(), there.clone()]);
    for ended in [&whole, &newer] {
        crate::harness::act(desk, ended, "cancel", &json!({ "reason": "by_mistake" })).ok(200);
    }
    assert_eq!(listed(&all(desk, "")), std::slice::from_ref(&there));
    // It is hung below that one in the moment in which it is opened.
    let then = json!({ "action": "link", "fields": { "to": there, "kind": "parent" } });
    let child = open("天文台穹顶卡住", json!({ "then": then }));
    until(s(20), "both sides know of it", || (desk.read(at(&child, ""))["parent"]["number"] == json!(there)).then_some(()));
}

fn words_that_mean_the_same_here_are_a_setting(database: Database) {
    let house = House::own(database);
    let (admin, person) = (&house.cast.admin, house.person("reports", &["requester"]));
    let own = number(&person.post("/records/incident", &json!({ "title": "一卡通刷不了" })).ok(201));
    assert_eq!(hints(&person, "饭卡不能用", None)["records"], json!([]));
    let put = |value: Value| admin.send(&crate::harness::set_call(admin, "search_words", &value));
    put(json!({ "same": ["饭卡"] })).invalid("/value/same/0", "words");
    put(json!({ "same": ["饭卡、一卡通， campus card"], "common": ["不能用"] })).ok(200);
    for said in ["饭卡不能用", "My campus card"] {
        assert_eq!(hints(&person, said, None)["records"][0]["number"], json!(own), "{said}");
    }
}

/// An outage that belongs to a record of somebody else.
fn outage(house: &House) -> (String, Value) {
    let number = house.stand(crate::harness::Stage::L1);
    let made = publish(&house.cast.desk, &crate::harness::with(announcement(&unique("outage")), json!({ "record": number })));
    (number, made)
}

fn me_too(by: &Caller, made: &Value, on: bool) -> crate::harness::Answer {
    by.send(&Call::new(if on { "PUT" } else { "DELETE" }, format!("{}/affected", path(made))))
}

fn who_is_affected_too_says_so_with_one_tap(house: &House) {
    let (number, made) = outage(house);
    let reader = house.person("affected", &["requester"]);
    let seen = || reader.read(path(&made))["affected"].clone();
    assert_eq!(seen(), json!({ "mine": false, "open": true, "count": null }), "how many is the desk's");
    for _ in 0..2 {
        assert_eq!(me_too(&reader, &made, true).status, 204);
        assert_eq!((&seen()["mine"], &seen()["open"]), (&json!(true), &json!(true)));
    }
    assert_eq!(me_too(&house.person("affected", &["requester"]), &made, true).status, 204);
    reader.get(at(&number, "")).problem(404, "not_found");
    let desk = &house.cast.desk;
    assert_eq!((&desk.read(path(&made))["affected"]["count"], &desk.read(at(&number, ""))["affected"]), (&json!(2), &json!(2)));
    assert_eq!(desk.read(at(&number, ""))["watchers"], json!([]), "they do not follow the work");
    assert!(house.cast.owner.read(at(&number, ""))["affected"].is_null());
    let entries = crate::harness::timeline(desk, &number);
    assert_eq!(entries.iter().filter(|entry| entry["kind"] == "affected").count(), 2, "each once");
    assert!(crate::harness::timeline(&house.cast.owner, &number).iter().all(|entry| entry["kind"] != "affected"));
    for _ in 0..2 {
        assert_eq!(me_too(&reader, &made, false).status, 204);
        assert_eq!(seen()["mine"], json!(false));
    }
    assert_eq!(desk.read(at(&number, ""))["affected"], 1);
    // Whose record it is knows of it anyway.
    assert_eq!(house.cast.owner.read(path(&made))["affected"]["open"], false);
    assert_eq!(me_too(&house.cast.owner, &made, true).status, 204);
    assert_eq!(desk.read(at(&number, ""))["affected"], 1);
    let (status, out, err) = house.command(&["check"]);
    assert_eq!(status, Some(0), "{out}\n{err}");
}

fn who_is_affected_is_told_when_it_is_over_and_nothing_else(house: &House) {
    let (number, made) = outage(house);
    let (reader, other) = (house.person("affected", &["requester"]), house.person("affected", &["requester"]));
    me_too(&reader, &made, true).ok(204);
    me_too(&other, &made, true).ok(204);
    me_too(&other, &made, false).ok(204);
    let mails = |person: &crate::harness::Person| -> Vec<Value> {
        pages(&house.cast.admin, "/outbox?limit=200").into_iter().filter(|mail| mail["recipient"] == person.email()).collect()
    };
    crate::harness::act(&house.cast.agent, &number, "comment", &json!({ "body": "a core switch", "visibility": "public" })).ok(200);
    assert_eq!((mails(&reader).len(), &reader.read("/notices")["unseen"]), (0, &json!(0)));
    crate::harness::act(&house.cast.agent, &number, "resolve", &crate::harness::solved()).ok(200);
    let told = until(s(20), "it is told", || Some(mails(&reader)).filter(|told| !told.is_empty()));
    assert_eq!(told.len(), 1, "{told:?}");
    let subject = told[0]["subject"].as_str().unwrap();
    assert!(subject.contains(made["title"].as_str().unwrap()) && !subject.contains(&number), "{subject}");
    assert!(mails(&other).is_empty(), "it was taken back");
    assert_eq!(reader.read("/notices")["items"], json!([]));
}

fn what_is_cancelled_or_moved_leaves_nobody_waiting_in_vain(house: &House) {
    let (number, made) = outage(house);
    let (other, reader) = (house.stand(crate::harness::Stage::L1), house.person("affected", &["requester"]));
    me_too(&reader, &made, true).ok(204);
    let desk = &house.cast.desk;
    // Whoever waits for this record is told of this record.
    desk.patch(path(&made), 1, &json!({ "record": other })).invalid("/record", "awaited");
    desk.patch(path(&made), 1, &json!({ "severity": "outage" })).ok(200);
    let problem = desk.post(at(&number, "/merge"), &json!({ "into": other })).problem(409, "not_available");
    assert!(problem["detail"].as_str().unwrap().contains("announcement"), "{problem}");
    // The desk knows before it says so how many are sent a mail.
    let preview = |action: &str, fields: Value| {
        house.cast.agent.post(at(&number, &format!("/actions/{action}/preview")), &json!({ "fields": fields })).ok(200)["affected"].clone()
    };
    assert_eq!(preview("resolve", crate::harness::solved()), json!(1));
    crate::harness::act(desk, &number, "cancel", &json!({ "reason": "by_mistake" })).ok(200);
    let mailed = || pages(&house.cast.admin, "/outbox?limit=200").iter().any(|mail| mail["recipient"] == reader.email());
    crate::harness::never(s(4), "nothing was solved", mailed);
}

fn what_is_solved_says_so_and_ends_by_itself(house: &House) {
    let (number, made) = outage(house);
    let (desk, reader) = (&house.cast.desk, &house.cast.stranger);
    assert_eq!((&made["recovered_at"], &made["until"]), (&Value::Null, &Value::Null));
    let mut live = Live::follow(reader);
    crate::harness::act(&house.cast.agent, &number, "resolve", &crate::harness::solved()).ok(200);
    until(s(15), "whoever shows it is told to ask again", || live.next(s(15)).filter(|(_, data)| data["topic"] == "announcement"));
    let over = reader.read(path(&made));
    assert_eq!((&over["stage"], &over["until"]), (&json!("current"), &Value::Null), "it is shown for a while: {over}");
    assert_eq!(over["recovered_at"], desk.read(at(&number, ""))["resolved_at"]);
    let listed = reader.read("/announcements?limit=200");
    let place = |id: &Value| listed["items"].as_array().unwrap().iter().position(|item| &item["id"] == id);
    let other = publish(desk, &announcement(&unique("still going on")));
    assert!(place(&made["id"]).is_some() && listed["changes_at"].is_string(), "and then ends by itself: {listed}");
    let listed = reader.read("/announcements?limit=200");
    let first = |id: &Value| listed["items"].as_array().unwrap().iter().position(|item| &item["id"] == id).unwrap();
    assert!(first(&other["id"]) < first(&made["id"]), "what goes on comes first");
    // Opened again, it is over no more.
    crate::harness::act(&house.cast.desk, &number, "reopen", &json!({ "reopen_reason": "jams again" })).ok(200);
    assert_eq!(reader.read(path(&made))["recovered_at"], Value::Null);
    // What is called off has solved nothing.
    let (off, told) = outage(house);
    crate::harness::act(desk, &off, "cancel", &json!({ "reason": "by_mistake" })).ok(200);
    assert_eq!(reader.read(path(&told))["recovered_at"], Value::Null);
    // What is published once it is solved speaks of something else.
    let late = publish(
        desk,
        &crate::harness::with(announcement(&unique("review")), json!({ "record": house.stand(crate::harness::Stage::Resolved) })),
    );
    assert_eq!(late["recovered_at"], Value::Null);
}

fn many_say_so_at_once(house: &House) {
    const PEOPLE: usize = 12;
    let (number, made) = outage(house);
    let people: Vec<Person> = (0..PEOPLE).map(|_| house.person("affected", &["requester"])).collect();
    std::thread::scope(|scope| {
        let said: Vec<_> = people.iter().map(|person| scope.spawn(|| me_too(person, &made, true).status)).collect();
        assert!(said.into_iter().all(|said| said.join().unwrap() == 204));
    });
    assert_eq!(house.cast.desk.read(at(&number, ""))["affected"], json!(PEOPLE));
}

fn who_waits_is_told_however_long_the_announcement_is_over(database: Database) {
    let mut house = House::own(database);
    let (number, made) = outage(&house);
    let reader = house.person("affected", &["requester"]);
    me_too(&reader, &made, true).ok(204);
    let ended = house.cast.desk.send(&Call::new("POST", format!("{}/end", path(&made))).seen(1)).ok(200);
    let millis = chrono::DateTime::parse_from_rfc3339(ended["until"].as_str().unwrap()).unwrap().timestamp_millis();
    // As if it had ended two months ago.
    let past = millis - 60 * 86_400_000;
    let move_back = format!("UPDATE directory SET data = replace(data, '{millis}', '{past}') WHERE kind = 'announcement'");
    crate::data::tamper(&mut house, &move_back);
    house.restart();
    house.cast.desk.get(path(&made)).problem(404, "not_found");
    crate::harness::act(&house.cast.agent, &number, "resolve", &crate::harness::solved()).ok(200);
    let mails = || pages(&house.cast.admin, "/outbox?limit=200").into_iter().filter(|mail| mail["recipient"] == reader.email()).count();
    until(s(20), "it is told", || (mails() == 1).then_some(()));
}

fn nothing_is_said_about_what_has_no_record_or_is_over(house: &House) {
    let reader = &house.cast.stranger;
    let plain = publish(&house.cast.desk, &announcement(&unique("plain")));
    assert!(reader.read(path(&plain))["affected"].is_null());
    me_too(reader, &plain, true).problem(409, "not_available");
    let (number, made) = outage(house);
    crate::harness::act(&house.cast.agent, &number, "resolve", &crate::harness::solved()).ok(200);
    assert_eq!(reader.read(path(&made))["affected"]["open"], false);
    me_too(reader, &made, true).problem(409, "not_available");
    house.cast.desk.send(&Call::new("POST", format!("{}/end", path(&made))).seen(1)).ok(200);
    me_too(reader, &made, true).problem(404, "not_found");
}

fn a_token_without_the_scope_writes_none_and_is_told_so(house: &House) {
    let desk = house.person("desk", &["desk"]);
    let made = publish(&desk, &announcement(&unique("by token")));
    let token = desk.post("/tokens", &json!({ "name": unique("read"), "scopes": ["read"] })).ok(201);
    let reader = house.nobody().with(Proof::Bearer(token["token"].as_str().unwrap().to_owned()));
    assert_eq!(reader.read(path(&made))["can_change"], false);
    reader.get("/announcements?show=all").problem(403, "forbidden");
    reader.patch(path(&made), 1, &json!({ "severity": "info" })).problem(403, "forbidden");
    let planned = publish(&desk, &crate::harness::with(announcement(&unique("planned")), json!({ "from": instant_in(3600) })));
    reader.get(path(&planned)).problem(404, "not_found");
}

fn what_was_taken_away_stays_away(house: &House) {
    let desk = &house.cast.desk;
    let never = publish(desk, &crate::harness::with(announcement(&unique("never")), json!({ "from": instant_in(600) })));
    let gone = desk.send(&Call::new("POST", format!("{}/end", path(&never))).seen(1)).ok(200);
    assert_eq!((&gone["stage"], &gone["can_change"]), (&json!("ended"), &json!(false)));
    desk.patch(path(&never), 2, &json!({ "severity": "info" })).problem(409, "not_available");
    assert_eq!(desk.read(path(&never))["version"], 2);
}

fn what_was_over_long_ago_is_read_no_more(house: &House) {
    let desk = &house.cast.desk;
    let past = |from: &str, until: &str| {
        publish(desk, &crate::harness::with(announcement(&unique("over")), json!({ "from": from, "until": until })))
    };
    let (old, new) = (past("2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z"), past("2020-01-01T00:00:00Z", &instant_in(-60)));
    let all = pages(desk, "/announcements?show=all&limit=200");
    let has = |made: &Value| all.iter().any(|item| item["id"] == made["id"]);
    assert!(has(&new) && !has(&old), "what ended in the last days is still there");
    desk.get(path(&old)).problem(404, "not_found");
}

fn what_is_over_comes_back_only_where_there_is_room(database: Database) {
    let house = House::own(database);
    let desk = &house.cast.desk;
    let over =
        publish(desk, &crate::harness::with(announcement("over"), json!({ "from": "2020-01-01T00:00:00Z", "until": instant_in(-60) })));
    let later = json!({ "until": instant_in(3600) });
    assert_eq!(desk.patch(path(&over), 1, &later).ok(200)["stage"], "current", "there is room");
    desk.send(&Call::new("POST", format!("{}/end", path(&over))).seen(2)).ok(200);
    let count = |stage: &str| pages(desk, "/announcements?show=all&limit=200").iter().filter(|item| item["stage"] == stage).count();
    while count("current") + count("planned") < 200 {
        let left = 200 - count("current") - count("planned");
        (0..left).for_each(|_| drop(publish(desk, &announcement("crowd"))));
    }
    desk.post("/announcements", &announcement("one more")).problem(409, "conflict");
    desk.patch(path(&over), 3, &later).problem(409, "conflict");
    desk.patch(path(&over), 3, &json!({ "severity": "info" })).ok(200);
}
