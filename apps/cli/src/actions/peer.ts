import type { Action } from "../command-spec";
import { createLimitedPeering } from "../edits/limited-peering";
import { acceptPeering, createPeering, deletePeering, findPeering, rejectPeering, type PeerNames } from "../edits/peer-edits";
import { isMissing } from "../edits/delete-edits";
import type { Given } from "../given";
import { orThrow } from "../lab/named-object";
import { runEdit } from "../run-edit";
import { UsageError } from "../usage-error";
import { deleteNamed } from "./delete-kind";
import { readTopology } from "./read-topology";

export const createPeer: Action = (session, given) => {
  const [vpc, peer] = [given.either(0, "vpc1"), given.either(1, "vpc2")];
  if (vpc === null || peer === null) throw new UsageError("which two VPCs? vpcctl peer create <vpc> <vpc>");
  const options = { vpc, peer, name: given.option("name"), withAccess: given.flag("routes") !== false };
  const cidrs = given.list("allowCidrs").flatMap((text) => text.split(",")).filter(Boolean);
  const edit = cidrs.length > 0 ? createLimitedPeering(options, cidrs) : createPeering(options);
  return runEdit(session, { doing: `peer “${vpc}” with “${peer}”`, create: true, makes: true, unchanged: `“${vpc}” and “${peer}” are peered already` }, edit);
};

export const acceptPeer: Action = (session, given) => {
  const name = given.need(0, "name");
  return runEdit(session, { doing: `accept peering “${name}”`, create: true }, acceptPeering(name));
};

export const rejectPeer: Action = (session, given) => {
  const name = given.need(0, "name");
  return runEdit(session, { doing: `reject peering “${name}”`, create: true }, rejectPeering(name));
};

/** By its name, or by its two VPCs. */
export const deletePeer: Action = async (session, given) => {
  const names = peerNames(given);
  const ifExists = given.flag("ifExists") === true;
  const { document } = await readTopology(session);
  const found = findPeering(document, names);
  const name = ifExists && isMissing(found) ? names.name : orThrow(found).name;
  return deleteNamed(session, { kind: "peering", named: { name }, ifExists, edit: deletePeering(names) });
};

function peerNames(given: Given): PeerNames {
  const name = given.option("name") ?? given.either(0, "vpc1");
  if (name === null) throw new UsageError("which peering? Give its name, or its two VPCs");
  return { name, peer: given.option("name") === null ? given.either(1, "vpc2") : null };
}
