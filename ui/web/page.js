// Presses and focus of the page. Rendered HTML carries no code: what can be pressed has a name
// (ui/web/targets.py), which goes to the server as the data of an event.
"use strict";

// The page's language counts, whatever the browser prefers; gradio chooses its own words by these.
Object.defineProperty(navigator, "language", { get: () => document.documentElement.lang });
Object.defineProperty(navigator, "languages", { get: () => [document.documentElement.lang] });

// What is typed outlives loading the page anew; it stays in this tab, and addresses stay short.
window.sozialraumDraft = (() => {
  const KEY = "sozialraum-entwurf";
  const box = () => document.querySelector("#question textarea");
  const keep = () => box() && box().value && sessionStorage.setItem(KEY, box().value);

  function restore() {
    const kept = sessionStorage.getItem(KEY);
    if (kept === null) return;
    if (!box()) {
      requestAnimationFrame(restore);
      return;
    }
    sessionStorage.removeItem(KEY);
    box().value = kept;
    box().dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("DOMContentLoaded", () => location.pathname === "/" && restore());
  return { keep };
})();

// Changing the language leads back here, with what the search is limited to.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a.language");
  if (!link) return;
  const emptied = "Beim Umschalten der Sprache beginnt die Seite neu, ohne dieses Gespräch.";
  if (document.querySelector(".exchange") && !confirm(inOurWords(emptied))) {
    event.preventDefault();
    return;
  }
  sozialraumDraft.keep();
  const back = encodeURIComponent(location.pathname + location.search + location.hash);
  link.href = `${link.pathname}?zurueck=${back}`;
});

window.sozialraum = (() => {
  // Where to return to from the source panel.
  let pressedLast = null;
  // Whether the panel was opened by a press; the first source opens by itself and quietly.
  let wanted = false;
  // Whether what was pressed is about to vanish with the focus on it.
  let suggested = false;
  // The block under the answer that was rated last: it takes the focus when the result comes.
  let rated = null;

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

  document.addEventListener("click", (event) => {
    if (!event.target.closest("#send")) return;
    suggested = document.querySelector("#question textarea").value.trim() !== "";
  });

  function conversation(element, trigger, watch, open, suggest, rate, anew, edit) {
    let count = 0;
    // Whether a question was being worked on when the conversation was drawn last.
    let worked = false;
    rating(element, (given, block) => {
      rated = block.id;
      trigger(rate, given);
    });
    element.addEventListener("click", (event) => {
      const pressed = event.target.closest("a.cite, button.open, button.ask, button.near, .act");
      if (!pressed) return;
      event.preventDefault();
      // What a search under way will overwrite is left alone.
      if (pressed.matches(".act")) {
        if (element.querySelector(".waiting")) return;
        if (pressed.id.startsWith("again-")) {
          suggested = true;
          trigger(anew, { name: pressed.id });
        } else {
          trigger(edit, { name: pressed.id });
          focus(document.querySelector("#question textarea"));
        }
        return;
      }
      if (pressed.matches(".ask")) {
        suggested = true;
        trigger(suggest, { name: pressed.id });
        return;
      }
      const name = pressed.id || pressed.hash.slice(1);
      pressedLast = pressed;
      wanted = true;
      // What is shown already stays: drawn anew, it would lose the focus that it gets here.
      if (document.getElementById(name.replace(/^(open|source)-/, "shown-").replace(/^near-/, "nearshown-"))) reveal();
      else trigger(open, { name });
    });
    watch("value", () => {
      const last = element.querySelector(".exchange:last-child");
      const grown = element.querySelectorAll(".exchange").length !== count;
      const steps = element.querySelector(".waiting") !== null;
      const ended = worked && !steps;
      worked = steps;
      count = element.querySelectorAll(".exchange").length;
      const block = !grown && rated && document.getElementById(rated);
      rated = null;
      if (block) focus(block);
      // A reader who has begun to read a growing answer isn't taken back to its beginning.
      if (!last || block || !(grown || ended || suggested)) return;
      show(last.previousElementSibling ? last : document.body, "start");
      if (suggested) focus(last.querySelector(".question"));
      suggested = false;
    });
  }

  // Ratings: what needs no form is sent at once; the form is a copy that stands under its answer.
  function rating(element, send) {
    element.addEventListener("click", (event) => {
      const pressed = event.target.closest(".rating button");
      // A search that is under way would overwrite what a press changes meanwhile.
      if (!pressed || element.querySelector(".waiting")) return;
      const block = pressed.closest(".rating");
      if (pressed.matches(".down")) unfold(block);
      else if (pressed.matches(".cancel")) fold(block);
      else if (pressed.matches(".send")) submit(block, send);
      else if (pressed.getAttribute("aria-pressed") !== "true") send({ name: pressed.id }, block);
    });
    element.addEventListener("keydown", (event) => {
      const form = event.key === "Escape" && event.target.closest(".rating-form");
      if (form) fold(form.closest(".rating"));
    });
  }

  function unfold(block) {
    const open = document.querySelector("#conversation .rating-form");
    const again = open && block.contains(open);
    if (open) open.remove();
    if (again) return;
    const refused = block.parentElement.querySelector(".reply.refused");
    const kind = refused ? "refused" : "answered";
    const form = document.querySelector(`#rating-forms .${kind}`).cloneNode(true);
    // Apart from the one it is a copy of, whose choices would else be the same group.
    for (const choice of form.querySelectorAll("input[type=radio]")) choice.name = "chosen";
    const need = form.querySelector(".need");
    form.addEventListener("change", (event) => {
      need.textContent = "";
      // The tick makes room for a remark.
      if (event.target.name === "keep") show(form, "nearest");
    });
    block.append(form);
    focus(form.querySelector("input"));
    show(form, "nearest");
  }

  function fold(block) {
    block.querySelector(".rating-form").remove();
    focus(block.querySelector(".down"));
  }

  function submit(block, send) {
    const form = block.querySelector(".rating-form");
    const chosen = form.querySelector("input[type=radio]:checked");
    if (!chosen) {
      form.querySelector(".need").textContent = inOurWords("Bitte wählen Sie zuerst einen Grund.");
      focus(form.querySelector("input"));
      return;
    }
    const given = {
      name: block.querySelector(".down").id,
      reason: chosen.value,
      keep: form.querySelector("[name=keep]").checked,
      remark: form.querySelector("[name=remark]").value,
    };
    send(given, block);
  }

  // The inbox, on the page for measuring: the focus goes to what was opened, else stays.
  function feedback(element, trigger, watch, press) {
    let pressed = null;
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button[id]");
      if (!button) return;
      pressed = button.id;
      trigger(press, { name: button.id });
    });
    watch("value", () => {
      if (!pressed) return;
      const opened = pressed.startsWith("feedback-show-") && "feedback-chosen";
      const next =
        document.getElementById(opened || pressed) || element.querySelector("[tabindex='-1']");
      const notice = element.querySelector(".notice:not(:empty)");
      pressed = null;
      if (next) focus(next);
      if (notice || next) show(notice || next, "nearest");
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
      const entry = document.querySelector(`${pressed.hash} button.open, button${pressed.hash}`);
      const back = pressedLast && pressedLast.isConnected ? pressedLast : entry;
      if (!back) return;
      focus(back);
      show(back, "center");
    });
    watch("value", () => {
      if (wanted && element.querySelector("h2")) reveal();
    });
  }

  // A rendered part whose buttons send their id. What comes back takes the focus where it offers
  // itself for that, a question before a heading.
  let pressedAt = -Infinity;

  function runs(element, trigger, watch, press) {
    const goal = () =>
      element.querySelector(".really [tabindex='-1']") || element.querySelector("[tabindex='-1']");
    const land = (on) => {
      pressedAt = -Infinity;
      focus(on);
      show(on, "nearest");
    };
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button[id]");
      if (!button) return;
      pressedAt = performance.now();
      // What is shown already stays as it is, and then no change is reported.
      const shown = document.getElementById(button.id.replace(/^show-/, "detail-"));
      if (shown && shown !== button && !shown.querySelector(".really")) {
        land(shown.querySelector("h2"));
      }
      trigger(press, { name: button.id });
    });
    watch("value", () => {
      // Only an answer to the press, not whatever changes much later.
      if (performance.now() - pressedAt < 10_000 && goal()) land(goal());
    });
  }

  return { conversation, panel, feedback, runs };
})();
