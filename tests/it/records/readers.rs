//! `GET /records/{type}/{number}/readers`, `GET /users/{id}/rights`: who can see a record and why, as the policy itself says.

use serde_json::{Value, json};

use crate::harness::{House, Stage, at};

on_both!(the_answer_is_what_the_policy_does, one_person_is_told_which_test_fails, what_a_person_may_do_names_its_role);

fn the_answer_is_what_the_policy_does(house: &House) {
    let (number, cast) = (house.stand(Stage::L1), &house.cast);
    let told = cast.admin.read(at(&number, "/readers"));
    let groups = told["groups"].as_array().unwrap();
    let by_role = |role: &str| groups.iter().find(|it| it["by"]["role"]["key"] == role);
    let mine = by_role("requester").expect("the requester");
    assert_eq!((&mine["count"], &mine["people"][0]["key"]), (&json!(1), &json!("owner")));
    let agents = by_role("agent").expect("agents");
    assert!(agents["count"].as_u64().unwrap() >= 4, "{agents}");
    assert_eq!(by_role("contractor").expect("the contractor of the team")["people"][0]["key"], json!("contractor"));
    assert!(groups.iter().any(|it| it["by"]["kind"] == "admin"));
    let sum: u64 = groups.iter().map(|it| it["count"].as_u64().unwrap()).sum();
    assert_eq!(json!(sum), told["total"]);
    for person in [&cast.owner, &cast.stranger, &cast.agent, &cast.idle, &cast.contractor, &cast.outsider, &cast.observer, &cast.admin] {
        let answer = cast.admin.read(at(&number, &format!("/readers?user={}", person.name)));
        let seen = person.get(at(&number, "")).status == 200;
        assert_eq!(answer["user"]["allowed"], json!(seen), "{}", person.name);
    }
    cast.agent.get(at(&number, "/readers")).problem(403, "forbidden");
    cast.stranger.get(at(&number, "/readers")).problem(404, "not_found");
}

fn one_person_is_told_which_test_fails(house: &House) {
    let (number, admin) = (house.stand(Stage::L1), &house.cast.admin);
    let of = |name: &str| admin.read(at(&number, &format!("/readers?user={name}")))["user"].clone();
    let outsider = of("outsider");
    assert_eq!((&outsider["allowed"], &outsider["alive"]), (&json!(false), &json!(true)));
    let rights = outsider["rights"].as_array().unwrap();
    assert_eq!(rights.len(), 2, "as requester of it, or in its team: {outsider}");
    assert!(rights.iter().all(|it| it["holds"] == false && it["parts"][0]["holds"] == false), "{outsider}");
    assert!(of("owner")["rights"].as_array().unwrap().iter().any(|it| it["holds"] == true));
    admin.get(at(&number, "/readers?user=nobody-of-this-name")).problem(400, "malformed");
    // Somebody whose account has ended reads nothing, whatever their roles say.
    let gone = house.person("gone", &["agent"]);
    let path = format!("/users/{}", gone.id);
    let version = admin.read(&path)["version"].as_i64().unwrap();
    admin.patch(path, version, &json!({ "active": false })).ok(200);
    let gone = of(&gone.name);
    assert_eq!((&gone["allowed"], &gone["alive"]), (&json!(false), &json!(false)));
}

fn what_a_person_may_do_names_its_role(house: &House) {
    // Somebody of their own: others change the language of the administrator.
    let (cast, admin) = (&house.cast, house.person("asks", &["admin"]));
    let place = format!("/users/{}", admin.id);
    cast.admin.patch(place.clone(), cast.admin.get(place).version(), &json!({ "locale": "zh" })).ok(200);
    let told = admin.read(format!("/users/{}/rights", cast.agent.id));
    let grant = |key: &str| told["grants"].as_array().unwrap().iter().find(|it| it["key"] == key).cloned();
    assert_eq!(grant("workspace").expect("agents work")["roles"][0]["key"], json!("agent"));
    assert_eq!((grant("user.write"), &told["everything"]), (None, &json!(false)));
    let rights: Vec<Value> = told["records"].as_array().unwrap().iter().flat_map(|it| it["rights"].as_array().unwrap().clone()).collect();
    let read = rights.iter().find(|it| it["action"] == "read").expect("agents read");
    assert_eq!((&read["role"]["key"], read["condition"].as_str().unwrap().is_empty()), (&json!("agent"), false));
    // In words, as buttons and the pack call them.
    for (action, label) in [("read_internal", "查看内部内容"), ("outcome:resolve", "解决"), ("assign", "转派")] {
        let right = rights.iter().find(|it| it["action"] == action).expect("agents may");
        assert_eq!(right["label"], json!(label));
    }
    let own = told["records"][0]["rights"].as_array().unwrap().iter().filter(|it| it["label"] == it["action"]).count();
    assert_eq!(own, 0, "each right has a name: {told}");
    let accept = rights.iter().find(|it| it["action"] == "accept").expect("agents accept");
    assert!(accept["condition"].as_str().unwrap().ends_with("阶段 是 新建"), "phases have their names: {accept}");
    assert_eq!(admin.read(format!("/users/{}/rights", cast.admin.id))["everything"], json!(true));
    cast.manager.get(format!("/users/{}/rights", cast.agent.id)).problem(403, "forbidden");
}
