import type { Issue } from "../errors/issue";
import type { Result } from "../errors/result";
import { applyEdit } from "../topology/edit";
import type { EditCommand } from "../topology/edit-command";
import type { RandomBytes } from "../topology/ids";
import { newRuleId } from "../topology/ids";
import { newPeering, newSecurityGroup, newSubnet, newVpc, type NewObject } from "../topology/new-object";
import { EVERYWHERE } from "../topology/subnet-routing";
import type { SecurityGroupRule, Topology } from "../topology/topology";
import { EMPTY_TOPOLOGY } from "../topology/topology";
import { indexTopology } from "../topology/topology-index";

const WEB_PORT = 8080;

/**
 * The lab of the tools before: vpc1 10.0.0.0/16 with a public and a private subnet, vpc2 172.16.0.0/16 with a public one, each
 * with an internet gateway and a web server on its public instance, which a group `web` opens to everybody. `peered` adds the
 * peering.
 */
export function twoVpcLab({ peered }: { readonly peered: boolean }, random: RandomBytes): Topology {
  const draft = new Draft();
  const vpc1 = draft.add((doc) => newVpc(doc, random));
  const public1 = draft.add((doc) => newSubnet(doc, vpc1, "public", random));
  draft.add((doc) => newSubnet(doc, vpc1, "private", random));
  const vpc2 = draft.add((doc) => newVpc(doc, random));
  draft.edit({ op: "update", kind: "vpc", id: vpc2, set: { cidr: "172.16.0.0/16" } });
  const public2 = draft.add((doc) => newSubnet(doc, vpc2, "public", random));
  draft.serveFrom(public1, random);
  draft.serveFrom(public2, random);
  if (peered) draft.add((doc) => newPeering(doc, vpc1, vpc2, random));
  return draft.document;
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

  /** A web server on the subnet's instance, and the group that lets everybody ping and reach it. */
  serveFrom(subnetId: string, random: RandomBytes): void {
    const index = indexTopology(this.document);
    const vpcId = index.subnetById.get(subnetId)?.vpcId ?? "";
    const [instance] = index.instancesOfSubnet(subnetId);
    const group = this.add((doc) => newSecurityGroup(doc, vpcId, random));
    const rule = (protocol: "tcp" | "icmp", description: string): SecurityGroupRule => ({
      id: newRuleId(random), direction: "ingress", protocol, peer: { cidr: EVERYWHERE }, description,
      ports: protocol === "tcp" ? { from: WEB_PORT, to: WEB_PORT } : null,
    });
    const rules = [rule("tcp", "web"), rule("icmp", "ping")];
    this.edit({ op: "update", kind: "security-group", id: group, set: { name: "web", description: "web server", rules } });
    if (!instance) throw new Error(`template: subnet ${subnetId} has no instance`);
    const securityGroupIds = [...instance.securityGroupIds, group];
    this.edit({ op: "update", kind: "instance", id: instance.id, set: { webServer: { port: WEB_PORT }, securityGroupIds } });
  }
}
