// Switches the theme without a round trip; Theme.cs reads the same cookie for the next page.
export function startTheme() {
  document.addEventListener("submit", event => {
    const form = event.target.closest("[data-theme-switch]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const theme = event.submitter.value;
    const kept = theme === "light" || theme === "dark";
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `errorhub.theme=${kept ? theme : ""}; path=/; samesite=lax; max-age=${kept ? 31536000 : 0}${secure}`;
    if (kept) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    for (const button of form.querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(button === event.submitter));
  }, true);
}
