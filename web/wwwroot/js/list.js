// The issue list: choosing rows, acting on them without leaving the page, filters that apply at once.
import { apply, read } from "./live.js";
import { toast } from "./copy.js";

let lastTicked = null;

export const rows = () => [...document.querySelectorAll(".issue-row")];
export const boxOf = row => row.querySelector('input[name="id"]');
export const ticked = () => rows().filter(row => boxOf(row).checked);

export function tick(row, range) {
  const box = boxOf(row);
  const all = rows();
  const from = range && lastTicked ? all.findIndex(r => r.id === lastTicked) : -1;
  if (from < 0) box.checked = !box.checked;
  else {
    const to = all.indexOf(row);
    for (const between of all.slice(Math.min(from, to), Math.max(from, to) + 1)) boxOf(between).checked = true;
  }
  lastTicked = row.id;
}

const undoOf = { resolve: "reopen", archive: "reopen", merge: "undo-merge" };
const done = { resolve: "resolved", archive: "archived", reopen: "reopened", "assign-me": "assigned to you", unassign: "unassigned", merge: "merged" };

// Posts what the form would post; the answer is the list after the change, so one round trip does both.
export async function act(name, chosen) {
  const form = document.querySelector("form[data-issues]");
  if (!form || chosen.length === 0) return;
  if (name === "merge" && chosen.length === 1) return toast("Select the issues to merge with it, too");
  const ids = chosen.map(row => row.dataset.id);
  // One of those that are merged stays, and which one the server decides.
  if (name !== "merge") for (const row of chosen) row.classList.add("leaving");
  if (!await post(form, name, ids)) return;
  const many = ids.length === 1 ? "Issue" : `${ids.length} issues`;
  toast(`${many} ${done[name]}`, undoOf[name] && { label: "Undo", run: () => post(form, undoOf[name], ids) });
}

async function post(form, name, ids) {
  const body = new URLSearchParams();
  for (const input of form.querySelectorAll('input[type="hidden"]')) body.append(input.name, input.value);
  body.append("act", name);
  for (const id of ids) body.append("id", id);
  const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "text/html" } });
  if (answer.status === 400 && answer.headers.get("content-type")?.startsWith("text/plain")) {
    toast(await answer.text());
    return false;
  }
  // Signed out, or the form is too old: let the browser show what the server says.
  if (!answer.ok || new URL(answer.url).pathname.startsWith("/account/")) {
    location.reload();
    return false;
  }
  for (const box of document.querySelectorAll('input[name="id"]:checked')) box.checked = false;
  apply(read(await answer.text()), { all: true });
  return true;
}

export function startList() {
  const showSelectAll = () => document.querySelectorAll("[data-select-all]").forEach(box => { box.hidden = false; });
  showSelectAll();
  window.Blazor?.addEventListener?.("enhancedload", showSelectAll);

  document.addEventListener("submit", event => {
    const form = event.target.closest("form[data-issues]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void act(event.submitter.value, ticked());
  }, true);

  document.addEventListener("click", event => {
    const box = event.target.closest('input[name="id"]');
    if (!box) return;
    const row = box.closest(".issue-row");
    if (event.shiftKey && lastTicked) {
      box.checked = !box.checked;
      tick(row, true);
    } else lastTicked = row.id;
  });

  document.addEventListener("change", event => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
    if (event.target.matches("[data-select-all]"))
      for (const row of rows()) boxOf(row).checked = event.target.checked;
  });

  // Fields left empty would only make the address longer.
  document.addEventListener("formdata", event => {
    if (!event.target.matches("form[data-filter]")) return;
    for (const [key, value] of [...event.formData]) if (value === "") event.formData.delete(key);
  });

  // A menu closes when something else is clicked.
  document.addEventListener("click", event => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
}
