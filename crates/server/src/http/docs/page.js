"use strict";
// Draws the OpenAPI document as a page that can be read and filtered. Text goes in as text, never as HTML.
const el = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};
const nameOf = (schema) => (schema && schema.$ref ? schema.$ref.split("/").pop() : null);
const describe = (schema, all, depth = 0) => {
  if (!schema) return "";
  const name = nameOf(schema);
  if (name) return depth > 3 ? name : describe(all[name], all, depth + 1);
  const kinds = [].concat(schema.type || []);
  if (schema.oneOf || schema.anyOf) {
    return (schema.oneOf || schema.anyOf).map((s) => describe(s, all, depth + 1)).join(" | ");
  }
  if (kinds.includes("array")) return `[${describe(schema.items, all, depth + 1)}]`;
  if (schema.properties) {
    const pad = "  ".repeat(depth + 1);
    const need = new Set(schema.required || []);
    const lines = Object.entries(schema.properties).map(([k, v]) => `${pad}${k}${need.has(k) ? "" : "?"}: ${describe(v, all, depth + 1)}`);
    return `{\n${lines.join("\n")}\n${"  ".repeat(depth)}}`;
  }
  if (schema.enum) return schema.enum.map((v) => JSON.stringify(v)).join(" | ");
  return kinds.join(" | ") || "any";
};
// What a parameter may be: its type and limits.
const limits = (schema = {}) =>
  [
    describe(schema, {}),
    schema.minimum !== undefined && `from ${schema.minimum}`,
    schema.maximum !== undefined && `to ${schema.maximum}`,
    schema.maxLength !== undefined && `at most ${schema.maxLength} characters`,
  ]
    .filter(Boolean)
    .join(", ");
const operation = (path, method, op, { schemas: all = {}, responses: shared = {} }) => {
  const box = el("div");
  if (op.description) box.append(el("p", { textContent: op.description }));
  if (op.parameters && op.parameters.length) {
    const rows = op.parameters.map((p) =>
      el("tr", {}, el("td", {}, el("code", { textContent: p.name })), el("td", { textContent: p.in + (p.required ? "" : ", optional") }), el("td", { textContent: limits(p.schema) }), el("td", { textContent: p.description || "" })),
    );
    box.append(el("table", {}, el("tbody", {}, ...rows)));
  }
  const body = op.requestBody && Object.values(op.requestBody.content || {})[0];
  if (body) box.append(el("h4", { textContent: "Body" }), el("pre", { textContent: describe(body.schema, all) }));
  if (body && body.example) box.append(el("h4", { textContent: "Example" }), el("pre", { textContent: JSON.stringify(body.example, null, 2) }));
  for (const [status, own] of Object.entries(op.responses || {})) {
    const answer = shared[nameOf(own)] || own;
    const content = Object.values(answer.content || {})[0];
    box.append(el("h4", { textContent: `${status} ${answer.description || ""}` }));
    if (content && nameOf(content.schema) !== "Problem") box.append(el("pre", { textContent: describe(content.schema, all) }));
    else if (content) box.append(el("p", { textContent: "Problem document (RFC 9457)" }));
  }
  const head = el("summary", {}, el("span", { className: "method", textContent: method.toUpperCase() }), el("code", { textContent: path }), ` ${op.summary || ""}`);
  const node = el("details", {}, head, box);
  node.dataset.text = `${method} ${path} ${op.summary || ""}`.toLowerCase();
  return node;
};
fetch("/api/openapi.json").then((r) => r.json()).then((doc) => {
  const main = document.getElementById("main");
  const tags = new Map();
  for (const [path, item] of Object.entries(doc.paths))
    for (const [method, op] of Object.entries(item)) {
      const tag = (op.tags && op.tags[0]) || "other";
      if (!tags.has(tag)) tags.set(tag, []);
      tags.get(tag).push(operation(path, method, op, doc.components || {}));
    }
  main.replaceChildren(...[...tags].map(([tag, nodes]) => el("section", {}, el("h2", { textContent: tag }), ...nodes)));
  document.getElementById("filter").addEventListener("input", (event) => {
    const wanted = event.target.value.toLowerCase();
    for (const node of main.querySelectorAll("details")) node.hidden = !node.dataset.text.includes(wanted);
  });
});
