import type { Page } from "@playwright/test";
import { explainReachability } from "@vpclab/shared/analysis/reachability";
import type { Topology } from "@vpclab/shared/topology/topology";
import { FakeAgent } from "../src/server/testing/fake-agent";
import { test } from "./fake-host";
import { expect } from "./fixtures";

interface Seen {
  /** Names or elements of every animation that ran in some frame. */
  readonly animations: string[];
  /** Places that boxes had in frames, one text a frame that differs from the one before. */
  readonly places: string[];
  readonly packets: string[];
  /** Frames in which boxes glided, and lines could be seen meanwhile. */
  readonly gliding: number;
  readonly linesMeanwhile: number;
}

/** Looks at every frame from now on. */
async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen = { animations: new Set<string>(), places: [] as string[], packets: [] as string[], gliding: 0, linesMeanwhile: 0 };
    (globalThis as unknown as { seen: typeof seen }).seen = seen;
    const note = (list: string[], text: string) => (text !== "" && list.at(-1) !== text ? list.push(text) : undefined);
    const look = () => {
      for (const animation of document.getAnimations()) {
        const length = Number(animation.effect?.getComputedTiming().activeDuration ?? 0);
        if (animation.playState === "running" && length > 0) seen.animations.add((animation as CSSAnimation).animationName ?? (animation as CSSTransition).transitionProperty);
      }
      note(seen.places, [...document.querySelectorAll(".react-flow__node")].map((node) => Object.values(node.getBoundingClientRect().toJSON() as object).slice(0, 2).map(Math.round).join(",")).join(" "));
      note(seen.packets, document.querySelector("[data-packet] g")?.getAttribute("transform") ?? "");
      if (document.querySelector(".canvas.settling")) {
        seen.gliding += 1;
        seen.linesMeanwhile += [...document.querySelectorAll(".react-flow__edges > *")].filter((line) => getComputedStyle(line).opacity !== "0").length;
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

const framesOf = (page: Page): Promise<Seen> => page.evaluate(() => {
  const { seen } = globalThis as unknown as { seen: Omit<Seen, "animations"> & { animations: Set<string> } };
  return { ...seen, animations: [...seen.animations] };
});

const frames = (page: Page, count: number): Promise<void> => page.evaluate((left) => new Promise<void>((resolve) => {
  const next = (more: number) => (more === 0 ? resolve() : requestAnimationFrame(() => next(more - 1)));
  next(left);
}), count);

async function documentOf(page: Page, id: string): Promise<Topology> {
  const response = await page.request.get(`/api/trpc/topology.get?input=${encodeURIComponent(JSON.stringify({ id }))}`);
  return ((await response.json()) as { result: { data: { document: Topology } } }).result.data.document;
}

/** From now on a probe comes with the way that the drawing promises, as a real agent tells it. */
function probeAnswersAs(agent: FakeAgent, document: Topology): void {
  agent.carryOut = (job) => {
    if (job.kind !== "probe") return FakeAgent.prototype.carryOut.call(agent, job);
    const { probeId, kind, source, destination } = job.probe;
    const { there, back, ...verdict } = explainReachability(document, { source, destination, protocol: "icmp", port: null }, { publicPool: false });
    const expected = { ...verdict, there: [...there], back: [...back] };
    agent.send({ type: "probe-done", jobId: job.jobId, result: { probeId, kind, outcome: "reached", sentence: "3 of 3 packets came back", roundTripMs: 0.1, body: null, source: "10.0.1.2", destination: "10.0.2.2", expected } });
  };
}

test.describe("people who want no motion", () => {
  test("see none: layout, zoom, traffic, panels and the packet that is followed jump", async ({ agent, editor, page }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    const id = await editor.create("two-vpc-peered");
    await editor.apply();
    await editor.expectState("instance", "vpc1/public/main", "in-place");
    await editor.dragObject(editor.object("vpc", "vpc2"), await editor.canvasPoint(0.15, 0.8));
    await editor.expectSaved();
    await watchFrames(page);

    const before = await editor.object("vpc", "vpc2").boundingBox();
    await page.keyboard.press("l");
    await expect.poll(async () => (await editor.object("vpc", "vpc2").boundingBox())?.x).not.toBe(before?.x);
    await frames(page, 30);
    const laidOut = await framesOf(page);
    expect(laidOut.gliding).toBe(0);
    // As it was, laid out, and the view fitted to it.
    expect(laidOut.places.length).toBeLessThanOrEqual(3);

    const { objects } = agent.deployments.get(id)!;
    const counter = { rxBytes: 1e9, txBytes: 1e9, rxPackets: 9, txPackets: 9, rxBytesPerSecond: 2e7, txBytesPerSecond: 2e7, rxPacketsPerSecond: 9, txPacketsPerSecond: 9 };
    agent.send({ type: "counters", at: Date.now(), topologies: { [id]: Object.fromEntries(Object.keys(objects).filter((key) => /^(pcx|igw)-/.test(key)).map((key) => [key, counter])) } });
    await expect(page.locator('[data-flow="4"] .flow-dash').first()).toBeAttached();
    for (const key of ["+", "-", "f", "]", "]"]) await page.keyboard.press(key);
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: /Find/ }).waitFor();
    await page.keyboard.press("Escape");

    probeAnswersAs(agent, await documentOf(page, id));
    await editor.runTest({ source: "vpc1 / public / main", target: "vpc1 / private / main", kind: "Ping" });
    const journey = page.getByRole("region", { name: "Journey of the packet" });
    await expect(journey).toHaveAttribute("data-step", "0");
    await expect(journey.getByRole("button", { name: "Play" })).toBeVisible();
    for (let step = 1; step <= 3; step++) {
      await journey.getByRole("button", { name: "On to the next place" }).click();
      await expect(page.locator(`[data-packet-step="${step}"]`)).toBeAttached();
      await frames(page, 10);
    }
    const seen = await framesOf(page);
    expect(seen.packets.length).toBeGreaterThan(0);
    expect(seen.packets.length).toBeLessThanOrEqual(4);
    expect(seen.animations).toEqual([]);
    Reflect.deleteProperty(agent, "carryOut");
  });
});

test("others see traffic move, and no line that has left its box while boxes glide", async ({ agent, editor, page }) => {
  await page.emulateMedia({ reducedMotion: "no-preference" });
  const id = await editor.create("two-vpc-peered");
  await editor.apply();
  await editor.expectState("instance", "vpc1/public/main", "in-place");
  await editor.dragObject(editor.object("vpc", "vpc2"), await editor.canvasPoint(0.15, 0.8));
  await watchFrames(page);
  await page.keyboard.press("l");
  await expect.poll(async () => (await framesOf(page)).gliding).toBeGreaterThan(0);
  await expect(page.locator(".canvas.settling")).toHaveCount(0);
  expect((await framesOf(page)).linesMeanwhile).toBe(0);
  await expect.poll(() => page.locator(".react-flow__edges > *").evaluateAll((lines) => lines.every((line) => getComputedStyle(line).opacity === "1"))).toBe(true);
  const counter = { rxBytes: 1e9, txBytes: 1e9, rxPackets: 9, txPackets: 9, rxBytesPerSecond: 2e7, txBytesPerSecond: 2e7, rxPacketsPerSecond: 9, txPacketsPerSecond: 9 };
  const { objects } = agent.deployments.get(id)!;
  agent.send({ type: "counters", at: Date.now(), topologies: { [id]: Object.fromEntries(Object.keys(objects).filter((key) => key.startsWith("pcx-")).map((key) => [key, counter])) } });
  await expect.poll(async () => (await framesOf(page)).animations).toContain("march");
});
