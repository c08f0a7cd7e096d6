// Soft notes made here, no files. Off stays off on this device.
const KEPT = "warmline.desk.sound";
const NOTES = { offer: [523, 659], message: [587], alert: [440, 440, 554], urgent: [659, 523, 659, 523] };

let context = null;

const kept = () => {
  try { return localStorage.getItem(KEPT) !== "off"; } catch { return true; }
};

export let soundOn = kept();

export function setSound(on) {
  soundOn = on;
  try { localStorage.setItem(KEPT, on ? "on" : "off"); } catch { /* remembered for this page alone */ }
  if (on) play("message");
}

// Browsers let a page sound only after somebody touched it.
addEventListener("pointerdown", wake, { once: true });
addEventListener("keydown", wake, { once: true });

function wake() {
  context ??= new AudioContext();
  context.resume();
}

export function play(kind) {
  if (!soundOn || !context || context.state !== "running") return;
  NOTES[kind].forEach((pitch, place) => note(pitch, context.currentTime + place * 0.16));
}

function note(pitch, at) {
  const tone = context.createOscillator();
  const loud = context.createGain();
  tone.type = "sine";
  tone.frequency.value = pitch;
  loud.gain.setValueAtTime(0, at);
  loud.gain.linearRampToValueAtTime(0.08, at + 0.02);
  loud.gain.exponentialRampToValueAtTime(0.0001, at + 0.5);
  tone.connect(loud).connect(context.destination);
  tone.start(at);
  tone.stop(at + 0.55);
}
