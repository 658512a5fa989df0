// A press takes a moment: down, up, click. What is drawn anew in between loses it, since the two ends land on different
// elements. So whatever comes from outside waits to be drawn until nobody is pressing.

let pressing = false;
let waiting = [];

/** Resolves as soon as nobody is pressing a mouse button, a finger or the space bar. */
export function released() {
  return pressing ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve();
}

/** Begin to look out for presses. */
export function watchPresses() {
  const early = { capture: true, passive: true };
  document.addEventListener("pointerdown", (event) => event.button === 0 && begin(event), early);
  document.addEventListener("keydown", (event) => event.key === " " && begin(event), early);
  for (const sign of ["pointerup", "pointercancel", "keyup"]) document.addEventListener(sign, end, early);
  addEventListener("blur", end); // in another window nobody tells when the press ends
}

/** The browser's own list of choices keeps the end of the press that opened it for itself. */
function begin({ target }) {
  if (!target.closest?.("select")) pressing = true;
}

/** The click comes after the pointer is up, in the same task: go on in the next. */
function end() {
  pressing = false;
  setTimeout(() => pressing || goOn());
}

function goOn() {
  const all = waiting;
  waiting = [];
  for (const resolve of all) resolve();
}
