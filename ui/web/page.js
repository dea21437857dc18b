// Presses and focus of the page. Rendered HTML carries no code: what can be pressed has a name
// (ui/web/targets.py), which goes to the server as the data of an event.
"use strict";

// The page is German whatever the browser prefers; gradio chooses its own words by these.
Object.defineProperty(navigator, "language", { get: () => "de" });
Object.defineProperty(navigator, "languages", { get: () => ["de"] });

// gradio's notices are English only, whatever the language. Each begins with one of these.
(() => {
  const GERMAN = [
    ["Connection", "Die Verbindung zur Anwendung ist unterbrochen. Läuft sie noch?"],
    ["This application is currently busy", "Gerade fragen sehr viele. Bitte warten Sie kurz."],
  ];
  const OTHER = "Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.";

  function translate(notice) {
    const message = notice.querySelector(".toast-message-text");
    const title = notice.querySelector(".toast-title");
    const close = notice.querySelector(".toast-close");
    if (message) {
      const known = GERMAN.find(([start]) => message.textContent.trim().startsWith(start));
      message.textContent = known ? known[1] : OTHER;
    }
    if (title) title.textContent = "Fehler";
    if (close) close.setAttribute("aria-label", "Schließen");
  }

  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver((changes) => {
      for (const added of changes.flatMap((change) => [...change.addedNodes])) {
        if (added.nodeType !== Node.ELEMENT_NODE) continue;
        for (const notice of added.querySelectorAll(".toast-body")) translate(notice);
      }
    }).observe(document.body, { childList: true, subtree: true });
  });
})();

window.sozialraum = (() => {
  // Where to return to from the source panel.
  let pressedLast = null;
  // Whether the panel was opened by a press; the first source opens by itself and quietly.
  let wanted = false;
  // Whether the pressed suggestion is about to vanish with the focus on it.
  let suggested = false;

  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const show = (element, block) =>
    element.scrollIntoView({ block, behavior: calm() ? "auto" : "smooth" });

  const focus = (element) => element.focus({ preventScroll: true });

  function reveal() {
    const panel = document.getElementById("panel");
    wanted = false;
    panel.scrollTop = 0;
    focus(panel.querySelector("h2"));
    show(panel, "nearest");
  }

  function conversation(element, trigger, watch, open, suggest) {
    element.addEventListener("click", (event) => {
      const pressed = event.target.closest("a.cite, button.open, button.ask");
      if (!pressed) return;
      event.preventDefault();
      if (pressed.matches(".ask")) {
        suggested = true;
        trigger(suggest, { name: pressed.id });
        return;
      }
      const name = pressed.id || pressed.hash.slice(1);
      pressedLast = pressed;
      wanted = true;
      // What is shown already may stay as it is, and then no change is reported.
      if (document.getElementById(name.replace(/^(open|source)/, "shown"))) reveal();
      trigger(open, { name });
    });
    watch("value", () => {
      const last = element.querySelector(".exchange:last-child");
      if (!last) return;
      show(last.previousElementSibling ? last : document.body, "start");
      if (suggested) focus(last.querySelector(".question"));
      suggested = false;
    });
  }

  function panel(element, trigger, watch, open) {
    element.addEventListener("click", (event) => {
      const pressed = event.target.closest("button.turn[id], a.back");
      if (!pressed) return;
      if (pressed.matches(".turn")) {
        trigger(open, { name: pressed.id });
        return;
      }
      event.preventDefault();
      const entry = document.querySelector(`${pressed.hash} button.open`);
      const back = pressedLast && pressedLast.isConnected ? pressedLast : entry;
      if (!back) return;
      focus(back);
      show(back, "center");
    });
    watch("value", () => {
      if (wanted && element.querySelector("h2")) reveal();
    });
  }

  return { conversation, panel };
})();
