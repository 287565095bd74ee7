import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Browser, type Page, chromium } from "@playwright/test";
import { gridTopology } from "@vpclab/shared/testing/builders";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { TopologySnapshot } from "@vpclab/shared/wire/api";
import type { Counters } from "@vpclab/shared/wire/live";
import { startServer, type ServerProcess } from "../apps/web/e2e/server-process";
import { firstStart } from "../apps/web/e2e/first-start";
import { enrol, FakeAgent } from "../apps/web/src/server/testing/fake-agent";
import { type BarePage, serveBarePage } from "./bare-page";
import { type Frames, pan, zoom, zoomIn } from "./frames";
import { median, type Result, result } from "./result";

/** 900 instances, 90 subnets, 10 VPCs with their gateways, and the internet. */
const GRID = gridTopology({ vpcs: 10, subnetsPerVpc: 9, instancesPerSubnet: 10 });
const ROUNDS = 3;
const LATENCY_SAMPLES = 20;
/** From where every node is seen to where a few cards are read. */
const NEAR_NOTCHES = 12;
const FPS_OF_BARE_MIN = 0.9;
const SERVER = resolve(import.meta.dirname, "../apps/web/dist/server.mjs");

/** The editor with 1,011 nodes, all of whose counters move each second, beside React Flow alone with as many; in turns, in one browser. */
export async function benchBrowser(): Promise<readonly Result[]> {
  if (!existsSync(SERVER)) throw new Error("apps/web is not built: npm run build");
  const server = await startServer({ VPCLAB_LOCAL_AGENT: "1" });
  const bare = await serveBarePage(GRID);
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH || "/usr/bin/chromium", args: ["--no-sandbox"] });
  try {
    return await measure(browser, server, bare);
  } finally {
    await browser.close();
    bare.close();
    await server.stop();
  }
}

async function measure(browser: Browser, server: ServerProcess, bare: BarePage): Promise<readonly Result[]> {
  const lab = await openLab(browser, server);
  const alone = await browser.newPage({ viewport: lab.editor.viewportSize() ?? undefined });
  await alone.goto(bare.url);
  await alone.locator(".react-flow__node").nth(bare.nodes - 1).waitFor({ state: "attached" });
  const stop = everySecond(() => lab.count());
  const frames = { editor: gestures(), alone: gestures() };
  for (let round = 0; round < ROUNDS; round++) {
    await perform(alone, frames.alone);
    await perform(lab.editor, frames.editor);
  }
  stop();
  const latencies = await latency(lab);
  lab.agent.cut();
  return [
    result("nodes on the canvas, all with counters that move", bare.nodes, "nodes"),
    ...(["pan from afar", "pan near by", "zoom"] as const).flatMap((gesture) => [
      result(`${gesture}: frames per second, React Flow alone`, 1000 / mean(frames.alone[gesture]), "fps"),
      result(`${gesture}: slowest twentieth of the editor's frames`, slowest(frames.editor[gesture]), "ms"),
      result(`${gesture}: frame rate of the editor, of React Flow's alone`, mean(frames.alone[gesture]) / mean(frames.editor[gesture]), "×", [">=", FPS_OF_BARE_MIN]),
    ]),
    result("counter at the agent → pixel, median", median(latencies), "ms"),
    result("counter at the agent → pixel, slowest", Math.max(...latencies), "ms"),
  ];
}

type Gestures = Record<"pan from afar" | "pan near by" | "zoom", number[]>;
const gestures = (): Gestures => ({ "pan from afar": [], "pan near by": [], zoom: [] });

async function perform(page: Page, into: Gestures): Promise<void> {
  await page.bringToFront();
  const add = (name: keyof Gestures, frames: Frames): void => void into[name].push(...frames);
  add("pan from afar", await pan(page));
  add("zoom", await zoom(page));
  await zoomIn(page, NEAR_NOTCHES);
  add("pan near by", await pan(page));
  await zoomIn(page, -NEAR_NOTCHES);
}

interface Lab {
  readonly editor: Page;
  readonly agent: FakeAgent;
  /** Id of the last instance. */
  readonly last: string;
  /** Tells of traffic at every object, a little more each time. Answers when, and how many packets each has now. */
  count(): { at: number; packets: number };
}

async function openLab(browser: Browser, server: ServerProcess): Promise<Lab> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: server.url });
  const editor = await context.newPage();
  await editor.goto(server.signIn);
  await firstStart(editor);
  const agent = new FakeAgent(await enrol(server.url, server.joinToken ?? ""));
  await agent.connect(`${server.url.replace("http", "ws")}/agent`);
  const { id, document } = await importGrid(editor);
  await editor.goto(`/t/${id}`);
  await editor.locator('[data-object^="instance:"]').nth(GRID.instances.length - 1).waitFor({ state: "attached" });
  await editor.getByRole("banner").getByRole("button", { name: "Apply", exact: true }).click();
  await editor.locator('[data-object^="instance:"][data-state="in-place"]').nth(GRID.instances.length - 1).waitFor({ state: "attached" });
  let packets = 0;
  const count = () => {
    packets += 1;
    const at = Date.now();
    agent.send({ type: "counters", at, topologies: { [id]: counters(document, packets) } });
    return { at, packets };
  };
  count();
  await editor.locator("[data-packets]").first().waitFor({ state: "attached" });
  return { editor, agent, last: document.instances.at(-1)?.id ?? "", count };
}

/** An import gives every object an id of its own. */
async function importGrid(page: Page): Promise<Pick<TopologySnapshot, "id" | "document">> {
  const answer = await page.evaluate(async (input) => {
    const response = await fetch("/api/trpc/topology.import", { method: "POST", headers: { "content-type": "application/json", "x-vpclab": "1" }, body: JSON.stringify(input) });
    return (await response.json()) as { result?: { data: TopologySnapshot } };
  }, { name: "grid", document: GRID as unknown });
  if (!answer.result) throw new Error(`not imported: ${JSON.stringify(answer).slice(0, 500)}`);
  return answer.result.data;
}

const counters = ({ instances, internetGateways }: Topology, packets: number): Counters => Object.fromEntries([...instances, ...internetGateways].map(({ id }, i) => [id, {
  rxBytes: packets * 1500, txBytes: packets * 900, rxPackets: packets, txPackets: 0,
  rxBytesPerSecond: 1000 + ((packets * 37 + i) % 900), txBytesPerSecond: 800 + ((packets * 53 + i) % 700), rxPacketsPerSecond: 10 + (packets % 9), txPacketsPerSecond: 8,
}]));

function everySecond(work: () => void): () => void {
  const timer = setInterval(work, 1000);
  return () => clearInterval(timer);
}

/** From the agent's word to the frame after which all of it can be seen, in ms. Both clocks are this machine's. */
async function latency({ editor, last, count }: Lab): Promise<number[]> {
  await editor.bringToFront();
  const samples: number[] = [];
  for (let i = 0; i < LATENCY_SAMPLES; i++) {
    const { at, packets } = count();
    const shownAt = await editor.evaluate<number>(untilShown(last, packets));
    samples.push(shownAt - at);
  }
  return samples;
}

/** Seen at the beginning of a frame, it is painted in that one. */
const untilShown = (id: string, packets: number): string => `new Promise((resolve) => (function look() {
  const now = Number(document.querySelector('[data-counter="${id}"]')?.dataset.packets ?? 0);
  requestAnimationFrame(now >= ${packets} ? () => resolve(Date.now()) : look);
})())`;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const slowest = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? 0;
