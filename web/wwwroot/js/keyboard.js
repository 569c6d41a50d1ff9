// One-letter commands. Off while typing, off for good when the help's box is cleared (WCAG 2.1.4).
import { act, rows, tick, ticked } from "./list.js";
import { copyFrom, copyText } from "./copy.js";

const kept = "errorhub.keys";
let leader = 0;

const isTyping = target => target.closest?.('input:not([type="checkbox"]), textarea, select, [contenteditable]') !== null;
const current = () => document.activeElement?.closest?.(".issue-row");
const press = selector => document.querySelector(selector)?.click();

function move(step) {
  const all = rows();
  if (all.length === 0) return;
  const here = current();
  const to = here ? all.indexOf(here) + step : step > 0 ? 0 : all.length - 1;
  const row = all[Math.max(0, Math.min(all.length - 1, to))];
  row.querySelector(".title").focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

// On the list: the ticked rows, else the one with the focus. On an issue's page: its button.
function command(name) {
  if (!document.querySelector("form[data-issues]")) return press(`[data-key="${name}"]`);
  const chosen = ticked();
  const row = current();
  if (chosen.length > 0) void act(name, chosen);
  else if (row) {
    const all = rows();
    const next = all[all.indexOf(row) + 1] ?? all[all.indexOf(row) - 1];
    next?.querySelector(".title").focus({ preventScroll: true });
    void act(name, [row]);
  }
}

function help() {
  const dialog = document.getElementById("keys");
  if (!dialog) return;
  document.getElementById("keys-on").checked = localStorage.getItem(kept) !== "off";
  dialog.showModal();
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  o: () => current()?.querySelector(".title").click(),
  x: () => current() && tick(current(), false),
  X: () => current() && tick(current(), true),
  r: () => command("resolve"),
  s: () => command("archive"),
  u: () => command("reopen"),
  a: () => command("assign-me"),
  m: () => command("assign-me"),
  M: () => void act("merge", ticked()),
  e: () => document.querySelector('.filter [name="environment"]')?.focus(),
  t: () => document.querySelector('.filter [name="period"]')?.focus(),
  "[": () => press('[data-testid="event-nav-prev"]'),
  "]": () => press('[data-testid="event-nav-next"]'),
  y: () => void copyText(document.querySelector("[data-permalink]")?.href ?? location.href, "Link"),
  Y: () => {
    const source = document.querySelector("[data-copy-from]");
    if (source) void copyFrom(source);
  },
  "/": () => document.querySelector('[data-testid="search-box"]')?.focus(),
};
const places = { i: "/issues", p: "/projects", t: "/stats", s: "/settings" };

export function startKeyboard() {
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && isTyping(event.target)) return event.target.blur();
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") return help();
    if (localStorage.getItem(kept) === "off") return;
    if (leader && event.timeStamp - leader < 1000 && places[event.key]) {
      leader = 0;
      location.assign(places[event.key]);
      return;
    }
    leader = event.key === "g" ? event.timeStamp : 0;
    const run = keys[event.key];
    if (!run) return;
    event.preventDefault();
    run();
  });

  document.addEventListener("change", event => {
    if (event.target.id === "keys-on") localStorage.setItem(kept, event.target.checked ? "on" : "off");
  });
}
