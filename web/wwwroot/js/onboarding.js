// The onboarding page asks every two seconds whether the first event has arrived, and then links to its issue.
export function startWaiting() {
  setInterval(async () => {
    const waiting = document.querySelector("[data-first-event]");
    if (!waiting || document.hidden) return;
    const answer = await fetch(waiting.dataset.firstEvent, { redirect: "error" }).catch(() => null);
    if (answer?.status !== 200 || !waiting.isConnected) return;
    const { url } = await answer.json();
    waiting.removeAttribute("data-first-event");
    const link = Object.assign(document.createElement("a"), { className: "button primary", href: url, textContent: "Open its issue" });
    link.dataset.testid = "first-issue";
    const text = Object.assign(document.createElement("p"), { textContent: "The first event has arrived." });
    text.setAttribute("role", "status");
    waiting.replaceChildren(text, link);
  }, 2000);
}
