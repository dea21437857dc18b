// What the page says of its connection to the server, and gradio's notices in our words.
"use strict";

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
      message.textContent = inOurWords(known ? known[1] : OTHER);
    }
    if (title) title.textContent = inOurWords("Fehler");
    if (close) close.setAttribute("aria-label", inOurWords("Schließen"));
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

// A line at the top while the server doesn't answer. What has been read and typed stays.
(() => {
  const LOST =
    "Die Verbindung ist unterbrochen. Ihre Eingaben bleiben stehen; es wird weiter versucht.";
  const BACK = "Die Verbindung ist wieder da.";
  const RESTARTED =
    "Die Anwendung wurde neu gestartet. Was Sie lesen, bleibt stehen; fragen können Sie nach dem "
    + "Neuladen der Seite.";
  const LOOK_MS = 10_000;
  const RETRY_MS = 2_000;
  const THANKS_MS = 4_000;

  let line = null;
  let lost = false;
  // Names the process that answers; another one knows nothing of this page.
  let process = null;

  function say(words, kind) {
    if (!line) {
      line = document.createElement("div");
      line.id = "connection";
      line.setAttribute("role", "status");
      document.body.prepend(line);
    }
    line.className = kind;
    line.textContent = inOurWords(words);
  }

  function restarted() {
    const box = document.querySelector("#question textarea");
    const pages = document.querySelector(".exchange");
    const typed = box ? box.value : "";
    if (!pages && !typed) {
      location.reload();
      return;
    }
    say(RESTARTED, "lost");
    const button = document.createElement("button");
    button.textContent = inOurWords("Seite neu laden");
    button.addEventListener("click", () => {
      sozialraumDraft.keep();
      location.reload();
    });
    line.append(" ", button);
  }

  async function look() {
    let wait = LOOK_MS;
    try {
      const answer = await fetch("/gesund", { cache: "no-store" });
      const now = answer.headers.get("x-sozialraum-process");
      if (process && now && now !== process) {
        process = now;
        restarted();
      } else if (lost) {
        // What they say no longer holds.
        for (const close of document.querySelectorAll(".toast-close")) close.click();
        say(BACK, "back");
        setTimeout(() => line.className === "back" && say("", ""), THANKS_MS);
      }
      process = now || process;
      lost = false;
    } catch {
      if (!lost) say(LOST, "lost");
      lost = true;
      wait = RETRY_MS;
    }
    setTimeout(look, wait);
  }

  document.addEventListener("DOMContentLoaded", () => {
    look();
  });
  window.addEventListener("offline", () => {
    lost = true;
    say(LOST, "lost");
  });
})();
