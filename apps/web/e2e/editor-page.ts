import { expect } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";
import type { TemplateName } from "@vpclab/shared/templates/template-catalog";

export type ObjectKind =
  | "vpc" | "subnet" | "instance" | "internet-gateway" | "nat-gateway" | "elastic-ip" | "route-table" | "security-group" | "network-acl" | "peering";
export type PaletteItem =
  | "VPC" | "Public subnet" | "Private subnet" | "Instance" | "Internet gateway" | "NAT gateway" | "Elastic IP" | "Route table" | "Security group"
  | "Network ACL" | "Peering";

export interface TestQuestion {
  /** As in the list, e.g. `vpc1 / public / main`, or `Internet`. */
  readonly source: string;
  readonly target: string;
  readonly kind: "Ping" | "TCP" | "UDP" | "HTTP";
  readonly port?: number;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

let named = 0;

/**
 * The editor as a person uses it: by roles, labels and gestures. Objects are found by `data-object="<kind>:<name>"`, where an
 * instance's name is `<vpc>/<subnet>/<name>`; their state is in `data-state`. Tables, groups and ACLs (`<vpc>/<name>`) stand in
 * their VPC's inspector; on the canvas they are signs with `data-chip`.
 */
export class EditorPage {
  constructor(readonly page: Page) {}

  /** Makes a topology by the server's own procedure and opens it. Answers its id. */
  async create(template: TemplateName): Promise<string> {
    named += 1;
    const name = `t${process.pid.toString(36)}-${named}`;
    if (!this.page.url().startsWith("http")) await this.page.goto("/");
    const id = await this.page.evaluate(async (input) => {
      const response = await fetch("/api/trpc/topology.create", { method: "POST", headers: { "content-type": "application/json", "x-vpclab": "1" }, body: JSON.stringify(input) });
      const answer = (await response.json()) as { result?: { data: { id: string } } };
      return answer.result?.data.id ?? null;
    }, { name, template });
    if (id === null) throw new Error(`The server did not create ${name}.`);
    await this.open(id);
    return id;
  }

  async open(id: string): Promise<void> {
    await this.page.goto(`/t/${id}`);
    await this.ready();
  }

  /** Waits until the canvas is there and the live connection has said where things stand. */
  async ready(): Promise<void> {
    await this.page.locator('[data-object="internet"]').waitFor();
    await expect(this.page.getByRole("button", { name: /^Host .*connecting$/ })).toHaveCount(0);
  }

  object(kind: ObjectKind, name: string): Locator {
    return this.page.locator(`[data-object="${kind}:${name}"]`);
  }

  /** All drawn objects of a kind. */
  objects(kind: ObjectKind): Locator {
    return this.page.locator(`[data-object^="${kind}:"]`);
  }

  subnetIn(vpc: string, name: string): Locator {
    return this.page.getByRole("group", { name: new RegExp(`subnet ${name} in ${vpc}$`) }).locator("[data-object]").first();
  }

  async expectState(kind: ObjectKind, name: string, state: string, timeoutMs = 30_000): Promise<void> {
    await expect(this.object(kind, name)).toHaveAttribute("data-state", state, { timeout: timeoutMs });
  }

  async expectSaved(): Promise<void> {
    await expect(this.page.getByRole("status", { name: "Save state" })).toHaveText("Saved");
  }

  /** The place of the canvas in the window, at fractions of its size. */
  async canvasPoint(x: number, y: number): Promise<Place> {
    const box = await boxOf(this.page.locator(".react-flow"));
    return { x: box.x + box.width * x, y: box.y + box.height * y };
  }

  /** Drags from the palette and drops at a place, in steps as a hand does. */
  async dragFromPalette(item: PaletteItem, target: Locator | Place): Promise<void> {
    const from = centre(await boxOf(this.page.getByRole("navigation", { name: "Palette" }).getByRole("button", { name: item, exact: true })));
    await this.drag(from, "x" in target ? target : centre(await boxOf(target)));
  }

  /** Drags something drawn: by its heading, which is free of other objects. */
  async dragObject(object: Locator, to: Place): Promise<void> {
    const box = await boxOf(object);
    await this.drag({ x: box.x + Math.min(40, box.width / 3), y: box.y + Math.min(30, box.height / 3) }, to);
  }

  async drag(from: Place, to: Place): Promise<void> {
    await this.holdOver(from, to);
    await this.page.mouse.up();
  }

  /** The first part of a drag: the button stays down. */
  async holdOver(from: Place, to: Place): Promise<void> {
    await this.page.mouse.move(from.x, from.y);
    await this.page.mouse.down();
    await this.page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 8 });
    await this.page.mouse.move(to.x, to.y, { steps: 8 });
  }

  /** Draws a peering from a VPC's handle to the middle of another VPC. */
  async connectVpcs(from: string, to: string): Promise<void> {
    const source = this.object("vpc", from);
    await source.hover({ position: { x: 20, y: 40 } });
    const handle = centre(await boxOf(source.locator(".react-flow__handle-bottom")));
    await this.drag(handle, centre(await boxOf(this.object("vpc", to))));
  }

  /** Selects an object by a click on its heading. */
  async selectObject(object: Locator): Promise<void> {
    const box = await boxOf(object);
    await this.page.mouse.click(box.x + Math.min(40, box.width / 3), box.y + Math.min(30, box.height / 3));
  }

  /** Opens a route table, security group or ACL from its VPC's inspector. */
  async openOwned(kind: "route-table" | "security-group" | "network-acl", name: string): Promise<void> {
    await this.selectObject(this.object("vpc", name.split("/")[0] ?? ""));
    await this.inspector.locator(`[data-object="${kind}:${name}"]`).getByRole("button").first().click();
    await expect(this.page.getByRole("heading", { name: name.split("/")[1], exact: true })).toBeVisible();
  }

  /** A row of a list of rules by its label, e.g. `Ingress rule 1` or `New route`. */
  row(label: string): Locator {
    return this.inspector.getByRole("group", { name: label, exact: true });
  }

  /** Fills cells of a row by their labels, without committing a new one. */
  async fillRow(label: string, cells: Readonly<Record<string, string>>): Promise<void> {
    for (const [cell, text] of Object.entries(cells)) {
      const field = this.row(label).getByLabel(cell, { exact: true });
      if (await field.evaluate((element) => element.tagName === "SELECT")) await field.selectOption({ label: text });
      else await field.fill(text);
    }
  }

  /** Types into one cell and presses Enter: what the row says of it stands beside it then. */
  async setCell(label: string, cell: string, text: string): Promise<Locator> {
    const field = this.row(label).getByLabel(cell, { exact: true });
    await field.fill(text);
    await field.press("Enter");
    return field;
  }

  /** Fills the row for a new rule, route or entry and presses its Add. */
  async addRow(word: string, cells: Readonly<Record<string, string>>): Promise<void> {
    await this.fillRow(`New ${word}`, cells);
    await this.row(`New ${word}`).getByRole("button", { name: `Add ${word}` }).click();
  }

  /** What the server has: the newest revision of a topology. */
  async revisionOf(id: string): Promise<number> {
    const response = await this.page.request.get(`/api/trpc/topology.get?input=${encodeURIComponent(JSON.stringify({ id }))}`);
    return ((await response.json()) as { result: { data: { revision: number } } }).result.data.revision;
  }

  get inspector(): Locator {
    return this.page.getByRole("region", { name: /^Inspector of/ });
  }

  field(label: string): Locator {
    return this.inspector.getByLabel(label, { exact: true });
  }

  async setField(label: string, text: string): Promise<void> {
    await this.field(label).fill(text);
    await this.field(label).press("Enter");
  }

  async apply(): Promise<void> {
    await this.page.getByRole("banner").getByRole("button", { name: "Apply", exact: true }).click();
  }

  async tearDown(): Promise<void> {
    await this.page.getByRole("button", { name: "More actions" }).click();
    await this.page.getByRole("menuitem", { name: "Tear down" }).click();
    await this.page.getByRole("alertdialog").getByRole("button", { name: /^Tear down/ }).click();
  }

  async openTest(): Promise<void> {
    await this.page.getByRole("banner").getByRole("button", { name: "Test", exact: true }).click();
  }

  /** Sends a packet from the test panel and answers what it did: `reached`, `refused` or `timeout`, with the panel's text. */
  async runTest(question: TestQuestion): Promise<{ outcome: string; text: string }> {
    const form = await this.askTest(question);
    await form.getByRole("button", { name: "Run" }).click();
    const answer = this.page.getByRole("status", { name: "Test result" });
    await expect(form.getByRole("button", { name: "Run" })).toBeEnabled({ timeout: 30_000 });
    await expect(answer).toBeVisible();
    return { outcome: (await answer.getAttribute("data-outcome")) ?? "", text: await answer.innerText() };
  }

  /** Fills the test panel in, which shows the promise then; nothing is sent. */
  async askTest({ source, target, kind, port }: TestQuestion): Promise<Locator> {
    const form = this.page.getByRole("form", { name: "Reachability test" });
    if (!(await form.isVisible())) await this.openTest();
    await chooseOption(form.getByLabel("Source"), source);
    await chooseOption(form.getByLabel("Target"), target);
    await form.getByRole("radio", { name: kind, exact: true }).click();
    if (port !== undefined) await form.getByLabel("Port").fill(String(port));
    return form;
  }

  /** Packets that an object has passed in both directions, as the canvas shows them; 0 before it was counted. */
  async packets(kind: "instance" | "internet-gateway" | "nat-gateway" | "peering", name: string): Promise<number> {
    const counter = this.object(kind, name).locator("[data-packets]");
    return (await counter.count()) === 0 ? 0 : Number(await counter.getAttribute("data-packets"));
  }
}

/** Options carry more than the name (the address): the one that begins with it is meant. */
async function chooseOption(select: Locator, text: string): Promise<void> {
  const labels = await select.locator("option").allTextContents();
  const label = labels.find((candidate) => candidate === text || candidate.startsWith(`${text} `));
  if (label === undefined) throw new Error(`“${text}” is not offered: ${labels.join("; ")}`);
  await select.selectOption({ label });
}

async function boxOf(locator: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  await locator.waitFor();
  const box = await locator.boundingBox();
  if (!box) throw new Error(`${String(locator)} is not on the screen.`);
  return box;
}

const centre = (box: { x: number; y: number; width: number; height: number }): Place => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
