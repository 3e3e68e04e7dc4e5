//! `/imports`: people and organisation from files (ORG-04, PLAT-05).

use std::io::Write;

use serde_json::{Value, json};

use crate::harness::{Call, Caller, Database, House, Part, pages, parts_of, s, unique, until};

on_both!(
    people_come_in_and_the_same_file_changes_nothing,
    a_trial_writes_nothing_and_tells_what_would_come,
    each_row_that_does_not_fit_is_told_with_its_column,
    modes_say_what_may_happen,
    entries_may_stand_in_any_order,
    categories_and_who_knows_them_come_in,
    gb18030_and_xlsx_are_read,
    a_preview_guesses_columns_and_a_template_is_understood,
    what_is_no_import_is_refused,
    an_import_gives_no_more_than_its_maker_may;
    alone: what_the_file_does_not_have_is_deactivated, a_row_without_a_key_ends_nobody, a_job_that_dies_goes_on_with_the_next_part,
);

/// An import's request.
fn call(kind: &str, file: &[u8], more: &[(&str, &str)]) -> Call {
    let mut parts = vec![Part { name: "file", file: Some("people.csv"), content: file }];
    parts.push(Part { name: "kind", file: None, content: kind.as_bytes() });
    parts.extend(more.iter().map(|(name, value)| Part { name, file: None, content: value.as_bytes() }));
    parts_of("/imports", &parts)
}

/// Waits for a job's end; gives what it came to and its rows.
fn ended(by: &Caller, id: &str) -> (Value, Vec<Value>) {
    let job = until(s(60), "the import ends", || {
        let job = by.read(format!("/jobs/{id}"));
        matches!(job["state"].as_str().unwrap(), "done" | "failed" | "cancelled").then_some(job)
    });
    assert_eq!(job["state"], "done", "{job}");
    (job["result"].clone(), pages(by, &format!("/jobs/{id}/rows?limit=200")))
}

fn import(by: &Caller, kind: &str, file: &str, more: &[(&str, &str)]) -> (Value, Vec<Value>) {
    let answer = by.send(&call(kind, file.as_bytes(), more));
    let queued = answer.ok(202);
    let id = queued["id"].as_str().unwrap();
    assert_eq!(answer.header("location"), Some(format!("/api/v1/jobs/{id}").as_str()));
    ended(by, id)
}

#[track_caller]
fn came_to(result: &Value, created: i64, updated: i64, unchanged: i64, rejected: i64) {
    let counts = ["created", "updated", "unchanged", "rejected"].map(|name| result[name].as_i64().unwrap());
    assert_eq!(counts, [created, updated, unchanged, rejected], "{result}");
}

fn people_come_in_and_the_same_file_changes_nothing(house: &House) {
    let (admin, mark) = (&house.cast.admin, unique("imp"));
    let file = format!(
        "登录名,姓名,工号,手机号,所属部门,角色,账号有效期至\n{mark}-1,单晓光,{mark}001,13800000001,,申报人;运维工程师,\n{mark}-2,张伟,,,,,2099/6/30\n"
    )
    .replace("申报人;运维工程师", "requester;agent");
    let (result, rows) = import(admin, "users", &file, &[]);
    came_to(&result, 2, 0, 0, 0);
    assert_eq!(rows.iter().map(|row| row["no"].as_i64().unwrap()).collect::<Vec<_>>(), [2, 3]);
    let user = admin.read(format!("/users/{mark}-1"));
    assert_eq!((&user["sort_name"], &user["roles"]), (&json!("shan xiao guang"), &json!(["requester", "agent"])));
    // A day belongs to the account until its end.
    assert_eq!(admin.read(format!("/users/{mark}-2"))["expires_at"], "2099-06-30T16:00:00.000Z");
    let (result, _) = import(admin, "users", &file, &[]);
    came_to(&result, 0, 0, 2, 0);
    assert_eq!(admin.read(format!("/users/{mark}-1"))["version"], 1);
    // An empty cell leaves what is there.
    let (result, rows) = import(admin, "users", &format!("用户名,姓名,工号\n{mark}-1,单小光,\n"), &[]);
    came_to(&result, 0, 1, 0, 0);
    assert_eq!((&rows[0]["subject"], &rows[0]["outcome"]), (&json!(format!("{mark}-1")), &json!("updated")));
    let user = admin.read(format!("/users/{mark}-1"));
    assert_eq!((&user["name"], &user["number"], &user["version"]), (&json!("单小光"), &json!(format!("{mark}001")), &json!(2)));
}

fn a_trial_writes_nothing_and_tells_what_would_come(house: &House) {
    let (admin, mark) = (&house.cast.admin, unique("trial"));
    let file = format!("用户名,姓名,办公区域\n{mark},甲,plant\n{mark}-x,乙,atlantis\n");
    let (result, rows) = import(admin, "users", &file, &[("dry_run", "true")]);
    came_to(&result, 1, 0, 0, 1);
    assert_eq!(result["dry_run"], true);
    assert_eq!(rows[1]["outcome"], "rejected");
    admin.get(format!("/users/{mark}")).problem(404, "not_found");
    // Rows may refer to what other rows would make, far away in the file too.
    let mut file = "标识,中文名称,上级\n".to_owned();
    for n in (0..230).rev() {
        file.push_str(&format!("{mark}-{n},部门{n},{}\n", if n == 0 { String::new() } else { format!("{mark}-{}", n / 3) }));
    }
    let (result, _) = import(admin, "departments", &file, &[("dry_run", "true")]);
    assert_eq!(result["rejected"], 0, "{result}");
    assert_eq!(result["created"], 230);
    assert_eq!(admin.read(format!("/departments?q={mark}"))["items"], json!([]));
    let (result, _) = import(admin, "departments", &file, &[]);
    came_to(&result, 230, 0, 0, 0);
    assert_eq!(admin.read(format!("/departments/{mark}-229"))["parent"]["key"], format!("{mark}-76"));
}

fn each_row_that_does_not_fit_is_told_with_its_column(house: &House) {
    let (admin, mark) = (&house.cast.admin, unique("wrong"));
    let file = format!(
        "用户名,姓名,部门,启用,账号有效期至,邮箱\n{mark}-1,甲,没有的部门,也许,某天,\n,乙,,,,\n{mark}-2,丙,,,,\n{mark}-2,丁,,,,\na b<c>,戊,,,,\n"
    );
    let zh = call("users", file.as_bytes(), &[]).header("accept-language", "zh-CN");
    let (result, rows) = ended(admin, admin.send(&zh).ok(202)["id"].as_str().unwrap());
    came_to(&result, 1, 0, 0, 4);
    let said = |n: usize| rows[n]["message"].as_str().unwrap_or_default().to_owned();
    assert_eq!(said(0), "部门：没有“没有的部门”; 账号有效期至：不能识别“某天”; 启用：不能识别“也许”");
    assert_eq!(said(1), "用户名：不能为空");
    assert_eq!((&rows[2]["outcome"], said(3)), (&json!("created"), "与第 4 行重复".to_owned()));
    assert!(said(4).starts_with("用户名：") || said(4).starts_with("username"), "{}", said(4));
    let en = call("users", file.as_bytes(), &[]).header("accept-language", "en");
    let (_, rows) = ended(admin, admin.send(&en).ok(202)["id"].as_str().unwrap());
    assert!(rows[0]["message"].as_str().unwrap().starts_with("部门: there is no '没有的部门'"), "{}", rows[0]);
}

fn modes_say_what_may_happen(house: &House) {
    let (admin, mark) = (&house.cast.admin, unique("mode"));
    let (one, two) = (format!("用户名,姓名\n{mark}-1,甲\n"), format!("用户名,姓名\n{mark}-1,乙\n{mark}-2,丙\n"));
    came_to(&import(admin, "users", &one, &[("mode", "update")]).0, 0, 0, 0, 1);
    came_to(&import(admin, "users", &one, &[("mode", "create")]).0, 1, 0, 0, 0);
    came_to(&import(admin, "users", &one, &[("mode", "create")]).0, 0, 0, 1, 0);
    came_to(&import(admin, "users", &two, &[("mode", "create")]).0, 1, 0, 0, 1);
    assert_eq!(admin.read(format!("/users/{mark}-1"))["name"], "甲");
    came_to(&import(admin, "users", &two, &[("mode", "update")]).0, 0, 1, 1, 0);
    // The column of a field can be said instead of guessed.
    let map = json!({ "帐户": "username", "称呼": "name", "备注": "" }).to_string();
    came_to(&import(admin, "users", &format!("帐户,称呼,备注\n{mark}-1,丁,x\n"), &[("map", &map)]).0, 0, 1, 0, 0);
    assert_eq!(admin.read(format!("/users/{mark}-1"))["name"], "丁");
}

fn entries_may_stand_in_any_order(house: &House) {
    let (admin, mark) = (&house.cast.admin, unique("org"));
    let file = format!(
        "标识,名称,上级部门\n{mark}-c,三级,{mark}-b\n{mark}-b,二级,{mark}-a\n{mark}-a,一级,\n{mark}-x,圈一,{mark}-y\n{mark}-y,圈二,{mark}-x\n"
    );
    let (result, _) = import(admin, "departments", &file, &[]);
    assert_eq!((&result["created"], &result["rejected"]), (&json!(3), &json!(2)), "{result}");
    assert_eq!(admin.read(format!("/departments/{mark}-c"))["parent"]["key"], format!("{mark}-b"));
    came_to(&import(admin, "departments", &file.lines().take(4).collect::<Vec<_>>().join("\n"), &[]).0, 0, 0, 3, 0);
    // People are put into departments by name, teams have members, skills holders.
    let person = house.user("knows", &["agent"]);
    let username = person["username"].as_str().unwrap();
    came_to(&import(admin, "users", &format!("username,department\n{username},{mark}-a\n"), &[]).0, 0, 1, 0, 0);
    let teams = format!("key,label_zh,members,duty,tier\n{mark}-t,网络组,{username};second,{username},2\n");
    came_to(&import(admin, "teams", &teams, &[]).0, 1, 0, 0, 0);
    let team = admin.read(format!("/teams/{mark}-t"));
    assert_eq!((&team["members_count"], &team["duty"]["key"], &team["data"]["tier"]), (&json!(2), &json!(username), &json!(2)));
    let skills = format!("标识,名称,掌握者\n{mark}-s,路由,{username}\n");
    came_to(&import(admin, "skills", &skills, &[]).0, 1, 0, 0, 0);
    assert_eq!(admin.read(format!("/skills/{mark}-s"))["warning"], "alone");
    let services = format!("标识,名称,支持组,重要程度\n{mark}-v,上网,{mark}-t,关键\n");
    came_to(&import(admin, "services", &services, &[]).0, 1, 0, 0, 0);
    assert_eq!(admin.read(format!("/services/{mark}-v"))["data"]["criticality"], "critical");
    came_to(&import(admin, "sites", &format!("标识,名称,时区\n{mark}-p,三号楼,Asia/Shanghai\n"), &[]).0, 1, 0, 0, 0);
}

fn categories_and_who_knows_them_come_in(house: &House) {
    let (admin, mark) = (&house.cast.admin, unique("cat").to_lowercase());
    let file = format!(
        "路径,名称,英文名,顺序,适用类型\n{mark}/arm/grip,抓手,Grip,,incident\n{mark},机器人,Robots,5,incident\n{mark}/arm,机械臂,Arm,,incident\n\
         nowhere-{mark}/x,无,None,,incident\n{mark}/odd,怪,Odd,first,incident\n{mark}/kind,类,Kind,,unheard-of\n"
    );
    let (result, rows) = import(admin, "categories", &file, &[]);
    came_to(&result, 3, 0, 0, 3);
    let wrong = rows.iter().filter(|row| row["outcome"] == "rejected").count();
    assert_eq!(wrong, 3, "{rows:?}");
    assert_eq!(admin.read(format!("/categories/{mark}%2Farm%2Fgrip"))["parent"]["key"], format!("{mark}/arm"));
    let offered = house.cast.owner.read("/packs/incident")["categories"].to_string();
    assert!(offered.contains(&format!("{mark}/arm/grip")), "{offered}");
    came_to(&import(admin, "categories", &format!("路径,名称\n{mark},机器人\n{mark}/arm,手臂\n"), &[]).0, 0, 1, 1, 0);
    let person = house.user("grips", &["agent"]);
    let username = person["username"].as_str().unwrap();
    let skills =
        format!("标识,名称,掌握者,适用分类,适用服务\n{mark}-s,机器人,{username},{mark}/arm,printing\n{mark}-n,无,{username},nowhere,\n");
    came_to(&import(admin, "skills", &skills, &[]).0, 1, 0, 0, 1);
    let data = admin.read(format!("/skills/{mark}-s"))["data"].clone();
    assert_eq!((&data["categories"], &data["services"]), (&json!([format!("{mark}/arm")]), &json!(["printing"])));
    let teams = format!("key,label_zh,members,duty,组内分派,每人上限\n{mark}-t,机器人组,{username},{username},按负荷,4\n");
    came_to(&import(admin, "teams", &teams, &[]).0, 1, 0, 0, 0);
    let data = admin.read(format!("/teams/{mark}-t"))["data"].clone();
    assert_eq!((&data["dispatch"], &data["capacity"]), (&json!("load"), &json!(4)));
}

/// A workbook with one sheet of texts.
fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let cell = |text: &&str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let row = |(n, cells): (usize, &&[&str])| format!("<row r=\"{}\">{}</row>", n + 1, cells.iter().map(cell).collect::<String>());
    let sheet: String = rows.iter().enumerate().map(row).collect();
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/package/2006/relationships";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let files = [
        ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>".to_owned()),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{relations}\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{relations}\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{main}\"><sheetData>{sheet}</sheetData></worksheet>")),
    ];
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn gb18030_and_xlsx_are_read(house: &House) {
    let (admin, mark) = (&house.cast.admin, unique("enc"));
    // 用户名,姓名 and 张伟 in GB18030.
    let mut file = vec![0xd3, 0xc3, 0xbb, 0xa7, 0xc3, 0xfb, b',', 0xd0, 0xd5, 0xc3, 0xfb, b'\r', b'\n'];
    file.extend(format!("{mark}-g,").bytes());
    file.extend([0xd5, 0xc5, 0xce, 0xb0, b'\r', b'\n']);
    let queued = admin.send(&call("users", &file, &[])).ok(202);
    came_to(&ended(admin, queued["id"].as_str().unwrap()).0, 1, 0, 0, 0);
    assert_eq!(admin.read(format!("/users/{mark}-g"))["name"], "张伟");
    let name = format!("{mark}-x");
    let book = workbook(&[&["用户名", "姓名"], &[&name, "李雷"]]);
    let queued = admin.send(&call("users", &book, &[])).ok(202);
    let (result, rows) = ended(admin, queued["id"].as_str().unwrap());
    came_to(&result, 1, 0, 0, 0);
    assert_eq!(rows[0]["no"], 2);
    assert_eq!(admin.read(format!("/users/{mark}-x"))["name"], "李雷");
}

fn what_the_file_does_not_have_is_deactivated(database: Database) {
    let house = House::own(database);
    let (admin, mark) = (&house.cast.admin, unique("gone"));
    came_to(&import(admin, "skills", &format!("key,name\n{mark}-a,A\n{mark}-b,B\n"), &[]).0, 2, 0, 0, 0);
    let keep: Vec<String> = pages(admin, "/skills?limit=200").iter().map(|it| it["key"].as_str().unwrap().to_owned()).collect();
    let file = format!("key\n{}\n", keep.iter().filter(|key| **key != format!("{mark}-b")).cloned().collect::<Vec<_>>().join("\n"));
    let trial = import(admin, "skills", &file, &[("deactivate_missing", "true"), ("dry_run", "true")]).0;
    assert!(trial["deactivated"].as_i64().unwrap() >= 1, "{trial}");
    assert_eq!(admin.read(format!("/skills/{mark}-b"))["active"], true);
    let (_, rows) = import(admin, "skills", &file, &[("deactivate_missing", "true")]);
    assert!(rows.iter().any(|row| row["outcome"] == "deactivated" && row["subject"] == format!("{mark}-b").as_str()));
    assert_eq!(admin.read(format!("/skills/{mark}-b"))["active"], false);
    assert_eq!(admin.read(format!("/skills/{mark}-a"))["active"], true);
}

fn a_row_without_a_key_ends_nobody(database: Database) {
    let house = House::own(database);
    let admin = &house.cast.admin;
    let people: Vec<Value> = pages(admin, "/users?limit=200");
    let names: Vec<&str> =
        people.iter().map(|it| it["username"].as_str().unwrap()).filter(|name| *name != "outsider" && *name != "admin").collect();
    let whole = format!("用户名,姓名\n{}\n", names.iter().map(|name| format!("{name},")).collect::<Vec<_>>().join("\n"));
    let (result, _) = import(admin, "users", &format!("{whole},somebody\n"), &[("deactivate_missing", "true")]);
    assert_eq!((&result["deactivated"], &result["deactivation_skipped"], &result["rejected"]), (&json!(0), &json!(true), &json!(1)));
    let (result, rows) = import(admin, "users", &whole, &[("deactivate_missing", "true")]);
    assert_eq!(result["deactivated"], 1, "{rows:?}");
    // The importer and the first administrator stay.
    assert_eq!(admin.read("/users/admin")["active"], true);
    assert_eq!(admin.read("/users/outsider")["active"], false);
    house.cast.outsider.get("/me").problem(401, "unauthenticated");
}

fn a_preview_guesses_columns_and_a_template_is_understood(house: &House) {
    let admin = &house.cast.admin;
    for kind in ["users", "departments", "teams", "sites", "services", "skills"] {
        for lang in ["zh", "en"] {
            let template = admin.send(&Call::get(format!("/imports/template?kind={kind}")).header("accept-language", lang));
            assert_eq!((template.status, template.header("content-type")), (200, Some("text/csv; charset=utf-8")));
            let mut look = call(kind, &template.body, &[]).header("accept-language", lang);
            look.path = "/imports/preview".to_owned();
            let seen = admin.send(&look).ok(200);
            let (columns, fields) = (seen["columns"].as_array().unwrap(), seen["fields"].as_array().unwrap());
            assert_eq!(columns.len(), fields.len());
            for (column, field) in columns.iter().zip(fields) {
                assert_eq!(seen["map"][column.as_str().unwrap()], field["key"], "{kind} {lang}");
                assert_eq!(column, &field["label"]);
            }
            assert_eq!((&seen["total"], &fields[0]["required"]), (&json!(1), &json!(true)));
        }
    }
    admin.get("/imports/template?kind=planets").problem(400, "malformed");
}

fn what_is_no_import_is_refused(house: &House) {
    let admin = &house.cast.admin;
    let send = |kind: &str, file: &[u8], more: &[(&str, &str)]| admin.send(&call(kind, file, more));
    let fine = b"username,name\nx,y\n";
    send("planets", fine, &[]).invalid("/kind", "enum");
    send("users", fine, &[("mode", "delete")]).invalid("/mode", "enum");
    send("users", fine, &[("dry_run", "perhaps")]).invalid("/dry_run", "type");
    send("users", fine, &[("map", "[]")]).invalid("/map", "type");
    send("users", fine, &[("map", r#"{"colour":"name"}"#)]).invalid("/map/colour", "unknown_column");
    send("users", fine, &[("map", r#"{"name":"colour"}"#)]).invalid("/map/name", "unknown_field");
    send("users", fine, &[("map", r#"{"name":"username","username":"username"}"#)]).invalid("/map/username", "twice");
    send("users", fine, &[("colour", "red")]).invalid("/colour", "unknown_field");
    send("users", b"name\ny\n", &[]).invalid("/map", "required");
    send("users", b"", &[]).invalid("/file", "empty");
    send("users", b"username,name\n", &[]).invalid("/file", "empty");
    send("users", b"PK\x03\x04 and no more", &[]).invalid("/file", "format");
    send("users", format!("username\n{}", "x\n".repeat(20_001)).as_bytes(), &[]).invalid("/file", "too_many");
    send("users", &vec![b'x'; 11 * 1024 * 1024], &[]).problem(413, "too_large");
    admin.send(&parts_of("/imports", &[Part { name: "kind", file: None, content: b"users" }])).invalid("/file", "required");
    // The same request again gives the first answer and no second job.
    let once = unique("key");
    let call = call("users", format!("username\n{}\n", unique("once")).as_bytes(), &[]).once(&once);
    let first = admin.send(&call).ok(202);
    assert_eq!(admin.send(&call).ok(202), first);
}

fn an_import_gives_no_more_than_its_maker_may(house: &House) {
    let key = unique("registrar");
    let actions = json!(["workspace", "user.read", "user.write"]);
    house.cast.admin.post("/roles", &json!({ "key": key, "label": { "en": "Registrar" }, "actions": actions })).ok(201);
    let registrar = house.person("registrar", &[&key]);
    let mark = unique("rise");
    let file = format!("username,name,roles\n{mark}-1,A,admin\n{mark}-2,B,requester\nadmin,Taken over,\n");
    let (result, rows) = import(&registrar, "users", &file, &[]);
    came_to(&result, 1, 0, 0, 2);
    assert_eq!((&rows[0]["outcome"], &rows[2]["outcome"]), (&json!("rejected"), &json!("rejected")), "{rows:?}");
    registrar.send(&call("teams", b"key,name\na,b\n", &[])).problem(403, "forbidden");
    // One's own job is one's own to look at, and nobody else's without the right.
    house.cast.agent.send(&call("users", b"username\nx\n", &[])).problem(403, "forbidden");
}

fn a_job_that_dies_goes_on_with_the_next_part(database: Database) {
    let mut own = House::own(database);
    let mark = unique("dies");
    let file: String = std::iter::once("username,name\n".to_owned()).chain((0..450).map(|n| format!("{mark}-{n},N{n}\n"))).collect();
    own.dying_at("job_step:2", |cast| drop(cast.admin.attempt(&call("users", file.as_bytes(), &[]))));
    own.restart();
    let id = own.cast.admin.read("/jobs?limit=1")["items"][0]["id"].as_str().unwrap().to_owned();
    let (result, rows) = ended(&own.cast.admin, &id);
    came_to(&result, 450, 0, 0, 0);
    assert_eq!(rows.len(), 450, "no row is told twice");
    let (status, said, errors) = own.command(&["check"]);
    assert_eq!(status, Some(0), "{said}{errors}");
}
