// Copy buttons: data-copy names the element whose text is copied. They are hidden until this script can make them work.
export function startCopying() {
  if (!navigator.clipboard) return;
  const show = () => document.querySelectorAll("[data-copy][hidden]").forEach(button => { button.hidden = false; });
  show();
  window.Blazor?.addEventListener?.("enhancedload", show);
  document.addEventListener("click", async event => {
    const button = event.target.closest("[data-copy]");
    const source = button && document.getElementById(button.dataset.copy);
    if (!source) return;
    const label = button.textContent;
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = label; }, 1500);
  });
}
