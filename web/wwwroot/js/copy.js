// Copying: data-copy names the element whose text is copied, data-copy-from the address whose answer is. Buttons are hidden until
// this script can make them work; links with data-copy-from open the address without it.
export function toast(text, action) {
  document.querySelector(".toast")?.remove();
  const box = document.createElement("div");
  box.className = "toast";
  box.setAttribute("role", "status");
  box.append(text);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = action.label;
    button.addEventListener("click", () => { box.remove(); action.run(); });
    box.append(button);
  }
  document.body.append(box);
  setTimeout(() => box.remove(), action ? 8000 : 2500);
}

export async function copyText(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    toast(`${what} copied`);
  } catch {
    toast("The browser refused the clipboard (it needs https or localhost)");
  }
}

// The promise goes to the clipboard, not its result: Safari forgets the click while the answer is on its way.
export async function copyFrom(source) {
  const what = source.dataset.copyWhat ?? "Text";
  const text = fetch(source.dataset.copyFrom)
    .then(answer => answer.ok ? answer.text() : Promise.reject(new Error(`status ${answer.status}`)))
    .then(body => new Blob([body], { type: "text/plain" }));
  try {
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": text })]);
    toast(`${what} copied`);
  } catch {
    toast(`${what} could not be copied`);
  }
}

export function startCopying() {
  const show = () => document.querySelectorAll("[data-copy][hidden]").forEach(button => { button.hidden = false; });
  if (navigator.clipboard) {
    show();
    window.Blazor?.addEventListener?.("enhancedload", show);
  }
  document.addEventListener("click", event => {
    const source = event.target.closest("[data-copy], [data-copy-from]");
    if (!source || !navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (source.dataset.copyFrom) return void copyFrom(source);
    const element = document.getElementById(source.dataset.copy);
    if (element) void copyText(element.textContent, source.dataset.copyWhat ?? "Text");
  });
}
