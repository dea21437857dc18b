// The drawer „Gespräche“: what is pressed goes to the server by name; the drawer stays open.
"use strict";

window.sozialraumTalks = (element, trigger, watch, press) => {
  let pressed = "";
  let open = false;
  element.addEventListener("click", (event) => {
    const button = event.target.closest("button[id]");
    if (!button) return;
    pressed = button.id;
    const title = element.querySelector("textarea");
    trigger(press, { name: button.id, title: title ? title.value : "" });
  });
  element.addEventListener(
    "toggle",
    (event) => {
      open = event.target.open;
    },
    true,
  );
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("textarea")) {
      // A title has no second line.
      event.preventDefault();
      element.querySelector("[id^='talk-save-']").click();
      return;
    }
    const details = element.querySelector("details");
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    details.querySelector("summary").focus();
  });
  watch("value", () => {
    const details = element.querySelector("details");
    // Whoever takes a conversation up wants to read it.
    details.open = open && !pressed.startsWith("talk-open-");
    if (!pressed) return;
    const next = details.open
      ? element.querySelector("textarea, [tabindex='-1']") || document.getElementById(pressed)
      : null;
    pressed = "";
    (next || details.querySelector("summary")).focus({ preventScroll: true });
  });
};
