// The page for asking: what is searched, the draft of a question, copying, and what a citation's
// number stands for. Loaded after page.js.
"use strict";

(() => {
  const focus = (element) => element && element.focus({ preventScroll: true });

  // What the search is limited to: a line that unfolds, drawn anew by the server at each press.
  window.sozialraum.scope = (element, trigger, watch, limit) => {
    let pressed = null;
    // The part of the choices that is unfolded.
    let unfolded = null;

    const opener = () => element.querySelector(".scope-open");
    // gradio hands in what is inside; the whole is what the style sheet knows.
    const whole = element.closest("#scope");
    const isOpen = () => whole.classList.contains("open");

    function set(open) {
      whole.classList.toggle("open", open);
      if (opener()) opener().setAttribute("aria-expanded", String(open));
    }

    function drawn() {
      set(isOpen());
      const parts = [...element.querySelectorAll("details")];
      for (const part of parts) {
        const head = part.querySelector("summary");
        part.open = head.id === unfolded;
        part.addEventListener("toggle", () => {
          if (part.open) {
            unfolded = head.id;
            for (const other of parts) if (other !== part) other.open = false;
          } else if (unfolded === head.id) unfolded = null;
        });
      }
      const link = element.querySelector("a.address");
      const here = location.pathname + location.search;
      if (link && link.getAttribute("href") !== here) {
        history.replaceState(null, "", link.getAttribute("href"));
      }
      if (pressed) focus(document.getElementById(pressed) || opener());
      pressed = null;
    }

    element.addEventListener("click", (event) => {
      const button = event.target.closest("button, a.address");
      if (!button) return;
      if (button.matches("a.address")) {
        event.preventDefault();
        copy(button.href).then((done) => {
          button.textContent = inOurWords(done ? "Link kopiert" : "Link steht in der Adresszeile");
        });
      } else if (button.matches(".scope-open")) set(!isOpen());
      else {
        pressed = button.id;
        trigger(limit, { name: button.id });
      }
    });
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !isOpen()) return;
      set(false);
      focus(opener());
    });
    document.addEventListener("click", (event) => {
      // What was pressed may be gone from the page by now.
      if (event.target.isConnected && !element.contains(event.target)) set(false);
    });
    watch("value", drawn);
    drawn();
  };

  window.sozialraum.draft = (element, trigger, cancel) => {
    element.addEventListener("click", (event) => {
      if (!event.target.closest("button")) return;
      trigger(cancel, {});
      focus(document.querySelector("#question textarea"));
    });
  };

  // The button goes once the work has ended; the question comes back into the box.
  document.addEventListener("click", (event) => {
    if (event.target.closest("#stop")) focus(document.querySelector("#question textarea"));
  });

  // Copying; on addresses without TLS browsers only offer the old way.
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const box = document.createElement("textarea");
      const before = document.activeElement;
      box.value = text;
      box.className = "unseen";
      document.body.append(box);
      box.select();
      const done = document.execCommand("copy");
      box.remove();
      focus(before);
      return done;
    }
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button.copy");
    if (!button) return;
    const row = button.parentElement;
    const lines = row.querySelector(".copy-text").innerHTML.replace(/<br>/g, "\n");
    const text = new DOMParser().parseFromString(lines, "text/html").body.textContent;
    const done = await copy(text);
    const said = row.querySelector(".copied");
    said.textContent = inOurWords(
      done
        ? "Antwort mit Quellen kopiert."
        : "Kopieren ist hier nicht möglich. Bitte markieren Sie den Text.",
    );
  });

  // A small window beside a citation's number says where the quote stands. It comes on hover and
  // on focus, stays while the pointer is on either, and goes with Escape (WCAG 1.4.13).
  const LEAVE_MS = 250;
  const GAP_PX = 6;
  let tip = null;
  let leaving = 0;

  function open(number) {
    clearTimeout(leaving);
    if (!tip) {
      tip = document.createElement("div");
      tip.id = "tip";
      tip.setAttribute("role", "tooltip");
      tip.addEventListener("pointerenter", () => clearTimeout(leaving));
      tip.addEventListener("pointerleave", leave);
    }
    close();
    const facts = [...number.querySelectorAll(".about .fact")].map((fact) => fact.textContent);
    tip.replaceChildren(
      ...facts.map((fact) => {
        const line = document.createElement("span");
        line.textContent = fact;
        return line;
      }),
    );
    document.querySelector("main").append(tip);
    number.setAttribute("aria-describedby", "tip");
    place();
  }

  // Also when what it belongs to moves: a number that gets the focus is scrolled into view.
  function place() {
    const number = document.querySelector("[aria-describedby=tip]");
    if (!number || !tip.isConnected) return;
    const at = number.getBoundingClientRect();
    const width = document.documentElement.clientWidth;
    const left = Math.min(at.left, width - tip.offsetWidth - GAP_PX);
    const above = at.top - tip.offsetHeight - GAP_PX;
    tip.style.left = `${Math.max(GAP_PX, left)}px`;
    tip.style.top = `${above > 0 ? above : at.bottom + GAP_PX}px`;
  }

  function close() {
    for (const number of document.querySelectorAll("[aria-describedby=tip]")) {
      number.removeAttribute("aria-describedby");
    }
    if (tip) tip.remove();
  }

  function leave() {
    clearTimeout(leaving);
    leaving = setTimeout(close, LEAVE_MS);
  }

  const numberAt = (event) => event.target.closest && event.target.closest("a.cite");
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "touch" && numberAt(event)) open(numberAt(event));
  });
  document.addEventListener("pointerout", (event) => numberAt(event) && leave());
  document.addEventListener("focusin", (event) => {
    const number = numberAt(event);
    if (number && number.matches(":focus-visible")) open(number);
  });
  document.addEventListener("focusout", (event) => numberAt(event) && leave());
  document.addEventListener("click", close);
  document.addEventListener("scroll", place, { passive: true });
  document.addEventListener("keydown", (event) => event.key === "Escape" && close());
})();
