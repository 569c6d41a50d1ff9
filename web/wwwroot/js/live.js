// Keeps the list current. The server says only that something changed; the page asks itself again with its own address and takes
// over the difference, row by row, so that ticks, focus and scroll stay. Rows never move under a reader who has scrolled, ticked
// or focused something: then a button tells how many are new.
let source = null;
let waiting = null;
let pending = false;

const page = () => document.querySelector("[data-live]");
const isReading = () =>
  window.scrollY > 40 || document.querySelector('input[name="id"]:checked, .issue-row:focus-within, details.menu[open], .filter :focus') !== null;

export const read = html => new DOMParser().parseFromString(html, "text/html");

// Takes over the list from another copy of this page. Unless `all`, only rows that are here already are brought up to date.
export function apply(fresh, { all }) {
  const [old, next] = [document.getElementById("issue-list"), fresh.getElementById("issue-list")];
  if (!old || !next) return;
  const head = fresh.getElementById("issues-head");
  if (head) replace(document.getElementById("issues-head"), head);

  const [body, nextBody] = [old.querySelector("tbody"), next.querySelector("tbody")];
  if (!body || !nextBody) {
    if (all || !body) replace(old, next);
    return;
  }

  const byId = new Map([...body.rows].map(row => [row.id, row]));
  const order = [];
  for (const row of [...nextBody.rows]) {
    const here = byId.get(row.id);
    if (here) order.push(update(here, document.importNode(row, true)));
    else if (all) order.push(document.importNode(row, true));
  }
  if (all) {
    const focused = document.activeElement?.closest?.(".issue-row")?.id;
    if (order.some((row, i) => body.rows[i] !== row) || body.rows.length !== order.length) body.replaceChildren(...order);
    if (focused) document.getElementById(focused)?.querySelector(".title")?.focus({ preventScroll: true });
    const [pager, nextPager] = [old.querySelector(".pager"), next.querySelector(".pager")];
    pager?.remove();
    if (nextPager) old.append(document.importNode(nextPager, true));
    hideNews();
  } else {
    const news = [...nextBody.rows].filter(row => !byId.has(row.id)).length;
    if (news > 0) showNews(old, news, fresh);
  }
}

function replace(old, next) {
  if (old && old.innerHTML !== next.innerHTML) old.innerHTML = next.innerHTML;
}

function update(row, next) {
  row.classList.remove("leaving");
  for (let i = 0; i < next.cells.length; i++) {
    const [cell, fresh] = [row.cells[i], next.cells[i]];
    if (cell && cell.innerHTML !== fresh.innerHTML && !cell.contains(document.activeElement) && i > 0) cell.innerHTML = fresh.innerHTML;
  }
  return row;
}

function hideNews() {
  document.querySelector(".news")?.remove();
}

function showNews(list, count, fresh) {
  hideNews();
  const bar = document.createElement("div");
  bar.className = "news";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = `${count} new – show`;
  button.addEventListener("click", () => {
    apply(fresh, { all: true });
    window.scrollTo({ top: 0 });
  });
  bar.append(button);
  list.prepend(bar);
}

async function refresh() {
  if (!page() || document.hidden) return;
  if (waiting) { pending = true; return; }
  waiting = fetch(location.href, { headers: { accept: "text/html" } });
  try {
    const answer = await waiting;
    if (answer.ok && !answer.redirected) apply(read(await answer.text()), { all: !isReading() });
  } catch {
    // The server is away; the stream or the next minute tries again.
  } finally {
    waiting = null;
    if (pending) { pending = false; void refresh(); }
  }
}

// Six connections per host are all that HTTP/1.1 gives a browser: a tab nobody sees must not hold one.
function connect() {
  const address = document.hidden ? null : page()?.dataset.live;
  if (!address) {
    source?.close();
    source = null;
  } else if (!source || source.readyState === EventSource.CLOSED) {
    source = new EventSource(address);
    source.addEventListener("changed", () => void refresh());
  }
}

export function startLive() {
  connect();
  document.addEventListener("visibilitychange", () => { connect(); void refresh(); });
  // Blazor has changed the page without loading it.
  window.Blazor?.addEventListener("enhancedload", connect);
  setInterval(() => { connect(); void refresh(); }, 60_000);
}
