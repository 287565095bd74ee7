import type { EditCommand } from "./edit-command";
import { applyEdit } from "./edit";
import type { RandomBytes } from "./ids";
import type { Layout } from "./layout";
import { newInternetGateway, newPeering, newSubnet, newVpc, type NewObject } from "./new-object";
import type { Issue } from "../errors/issue";
import type { Result } from "../errors/result";
import type { SubnetType, Topology } from "./topology";
import { EMPTY_TOPOLOGY } from "./topology";

export type Template = "empty" | "two-vpc" | "two-vpc-peered";

/**
 * `two-vpc` is the lab of the tools before: vpc1 10.0.0.0/16 with a public and a private subnet, vpc2 172.16.0.0/16 with a
 * public one, each with an internet gateway and a web server on its public instance. `two-vpc-peered` adds the peering.
 */
export function buildTemplate(template: Template, random: RandomBytes): { document: Topology; layout: Layout } {
  if (template === "empty") return { document: EMPTY_TOPOLOGY, layout: {} };
  const draft = new Draft();
  const vpc1 = draft.add((doc) => newVpc(doc, random));
  const public1 = draft.addSubnet(vpc1, "public", random);
  draft.addSubnet(vpc1, "private", random);
  draft.add((doc) => newInternetGateway(doc, vpc1, random));
  const vpc2 = draft.add((doc) => newVpc(doc, random));
  draft.edit({ op: "update", kind: "vpc", id: vpc2, set: { cidr: "172.16.0.0/16" } });
  const public2 = draft.addSubnet(vpc2, "public", random);
  draft.add((doc) => newInternetGateway(doc, vpc2, random));
  draft.serveFrom(public1, 8080);
  draft.serveFrom(public2, 8080);
  if (template === "two-vpc-peered") draft.add((doc) => newPeering(doc, vpc1, vpc2, random));
  return { document: draft.document, layout: {} };
}

/** A document under construction by the same commands that a person's gestures make. */
class Draft {
  document: Topology = EMPTY_TOPOLOGY;

  edit(command: EditCommand): void {
    const edited = applyEdit(this.document, command);
    if (!edited.ok) throw new Error(`template: ${edited.error.map((issue) => issue.message).join(" ")}`);
    this.document = edited.value.document;
  }

  add(make: (doc: Topology) => NewObject | Result<NewObject, Issue[]>): string {
    const made = make(this.document);
    if ("ok" in made && !made.ok) throw new Error(`template: ${made.error.map((issue) => issue.message).join(" ")}`);
    const object = "ok" in made ? made.value : made;
    this.edit(object.command);
    return object.id;
  }

  addSubnet(vpcId: string, type: SubnetType, random: RandomBytes): string {
    return this.add((doc) => newSubnet(doc, vpcId, type, random));
  }

  serveFrom(subnetId: string, port: number): void {
    const instance = this.document.instances.find((candidate) => candidate.subnetId === subnetId);
    if (instance) this.edit({ op: "update", kind: "instance", id: instance.id, set: { webServer: { port } } });
  }
}
