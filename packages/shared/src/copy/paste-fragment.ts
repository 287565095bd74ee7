import type { Issue } from "../errors/issue";
import type { Result } from "../errors/result";
import { err, ok } from "../errors/result";
import { nextName } from "../topology/allocate";
import { applyEdit } from "../topology/edit";
import { editBetween } from "../topology/edit-between";
import type { EditCommand } from "../topology/edit-command";
import type { RandomBytes } from "../topology/ids";
import { setSubnetType } from "../topology/new-object";
import { inOrder } from "../topology/order";
import { subnetType } from "../topology/subnet-type";
import type { Subnet, Topology } from "../topology/topology";
import { indexTopology } from "../topology/topology-index";
import type { Fragment } from "./fragment";
import { pasteCards } from "./paste-cards";
import { freeName, pasteSubnets, pasteVpcs } from "./paste-networks";
import { pasteGatewaysAndFilters, pasteTables } from "./paste-owned";
import type { PasteTarget, Pasting } from "./pasting";
import { beginPaste, refusal } from "./pasting";

export interface Pasted {
  readonly command: EditCommand;
  /** New id by the copied object's own. */
  readonly ids: ReadonlyMap<string, string>;
}

/**
 * A copied selection as one command on another (or the same) drawing: everything gets new ids; names, ranges and addresses
 * that are taken get the next free ones, with every rule and route that speaks of them; what joins two copied objects joins
 * their copies. Refused as a whole when something has no place, with what to do.
 */
export function pasteFragment(doc: Topology, fragment: Fragment, target: PasteTarget, random: RandomBytes): Result<Pasted, Issue[]> {
  const paste = beginPaste(doc, fragment, target, random);
  for (const stage of [pasteVpcs, pasteSubnets, pasteGatewaysAndFilters, pasteCards, pastePeerings, pasteElasticIps, pasteTables]) {
    const refused = stage(paste);
    if (refused) return err([refused]);
  }
  setReferences(paste);
  let after = inOrder(paste.draft);
  for (const subnet of paste.source.subnets) {
    const command = typeToKeep(paste, after, subnet);
    if (!command) continue;
    const edited = applyEdit(after, command);
    if (!edited.ok) return edited;
    after = edited.value.document;
  }
  const whole = editBetween(doc, after);
  if (!whole) return err([refusal("NOT_FOUND", "There is nothing to paste.")]);
  const edited = applyEdit(doc, whole);
  return edited.ok ? ok({ command: whole, ids: paste.ids }) : edited;
}

function pastePeerings(paste: Pasting): null {
  for (const peering of paste.source.peerings.filter(({ id }) => paste.copied.has(id))) {
    const ends = { requesterVpcId: paste.ids.get(peering.requesterVpcId)!, accepterVpcId: paste.ids.get(peering.accepterVpcId)! };
    const nameOf = (vpcId: string) => paste.draft.vpcs.find(({ id }) => id === vpcId)?.name ?? "vpc";
    const name = nextName(paste.draft.peerings.map((other) => other.name), `${nameOf(ends.requesterVpcId)}-${nameOf(ends.accepterVpcId)}`, { bareFirst: true });
    paste.draft = { ...paste.draft, peerings: [...paste.draft.peerings, { ...peering, ...ends, id: paste.ids.get(peering.id)!, name }] };
  }
  return null;
}

function pasteElasticIps(paste: Pasting): null {
  for (const elasticIp of paste.source.elasticIps.filter(({ id }) => paste.copied.has(id))) {
    const owner = elasticIp.target && paste.ids.get(elasticIp.target.id);
    const copy = {
      id: paste.ids.get(elasticIp.id)!, name: freeName(paste.draft.elasticIps, elasticIp.name),
      target: elasticIp.target && owner ? { ...elasticIp.target, id: owner } : null,
    };
    paste.draft = { ...paste.draft, elasticIps: [...paste.draft.elasticIps, copy] };
  }
  return null;
}

/** Tables and ACLs of the pasted subnets: the copies, the same ones within the VPC, those of the same names, else the VPC's own. */
function setReferences(paste: Pasting): void {
  const index = indexTopology(paste.draft);
  const made = new Set(paste.ids.values());
  const meant = <T extends { readonly id: string; readonly name: string }>(old: string | null, there: readonly T[], before: ReadonlyMap<string, T>): string | null => {
    if (old === null) return null;
    return paste.ids.get(old) ?? (there.find(({ id }) => id === old) ?? there.find(({ name }) => name === before.get(old)?.name))?.id ?? null;
  };
  const subnets = paste.draft.subnets.map((subnet) => made.has(subnet.id) ? {
    ...subnet,
    routeTableId: meant(subnet.routeTableId, index.routeTablesOfVpc(subnet.vpcId), paste.from.routeTableById),
    networkAclId: meant(subnet.networkAclId, index.networkAclsOfVpc(subnet.vpcId), paste.from.networkAclById),
  } : subnet);
  paste.draft = { ...paste.draft, subnets };
}

/** A public subnet stays public in another VPC, also where that has no gateway yet, and a private one private. null: it is so already. */
function typeToKeep(paste: Pasting, after: Topology, subnet: Subnet): EditCommand | null {
  const index = indexTopology(after);
  const copy = index.subnetById.get(paste.ids.get(subnet.id) ?? "");
  if (!copy || paste.copied.has(subnet.vpcId)) return null;
  const type = subnetType(paste.from, subnet);
  if (subnetType(index, copy) === type) return null;
  const command = setSubnetType(after, copy.id, type, paste.random);
  const commands = command.op === "batch" ? command.commands : [command];
  return { op: "batch", commands: [...commands, { op: "update", kind: "subnet", id: copy.id, set: { autoAssignPublicAddress: subnet.autoAssignPublicAddress } }] };
}
