/// <reference lib="dom" />
import type { Page } from "@playwright/test";

/** Times between the frames that a page showed while a hand was at work, in ms. */
export type Frames = readonly number[];

const MOVES = 90;
const WHEELS = 40;
/** Pixels of one turn of a wheel's notch; there and back, so that each round begins where the last one did. */
const NOTCH = 120;

/** Drags the canvas to and fro by its empty left border. */
export const pan = (page: Page): Promise<Frames> => during(page, async () => {
  const { x, y } = await emptyPlace(page);
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let i = 1; i <= MOVES; i++) {
    const turn = (2 * Math.PI * i) / MOVES;
    await page.mouse.move(x + 120 * Math.sin(turn), y + 80 * (1 - Math.cos(turn)));
    await nextFrame(page);
  }
  await page.mouse.up();
});

/** Zooms in and out again around the middle. */
export const zoom = (page: Page): Promise<Frames> => during(page, async () => {
  const { x, y } = await middle(page);
  await page.mouse.move(x, y);
  for (let i = 0; i < WHEELS; i++) {
    await page.mouse.wheel(0, i < WHEELS / 2 ? -NOTCH : NOTCH);
    await nextFrame(page);
  }
});

/** Zooms in by so many notches, and stays there. */
export async function zoomIn(page: Page, notches: number): Promise<void> {
  const { x, y } = await middle(page);
  await page.mouse.move(x, y);
  for (let i = 0; i < Math.abs(notches); i++) {
    await page.mouse.wheel(0, -Math.sign(notches) * NOTCH);
    await nextFrame(page);
  }
}

/** As text: what esbuild makes of a function with functions in it needs more than the page has. */
const RECORD = `globalThis.recorder = { times: [] }; (function look(now) {
  if (now !== undefined) recorder.times.push(now);
  recorder.next = requestAnimationFrame(look);
})()`;

async function during(page: Page, gesture: () => Promise<void>): Promise<Frames> {
  await page.evaluate(RECORD);
  await gesture();
  const times = await page.evaluate<number[]>("(cancelAnimationFrame(recorder.next), recorder.times)");
  return times.slice(1).map((time, i) => time - (times[i] ?? time));
}

/** One event for each frame, as a mouse does it: more would only be put together by the browser. */
const nextFrame = (page: Page): Promise<unknown> => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));

async function canvasBox(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await page.locator(".react-flow").boundingBox();
  if (!box) throw new Error("no canvas on the page");
  return box;
}

async function emptyPlace(page: Page): Promise<{ x: number; y: number }> {
  const box = await canvasBox(page);
  return { x: box.x + 6, y: box.y + box.height / 2 };
}

async function middle(page: Page): Promise<{ x: number; y: number }> {
  const box = await canvasBox(page);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
