import { readTopology } from "../actions/read-topology";
import { test } from "../actions/test";
import type { Action } from "../command-spec";
import { deleteNamed } from "../actions/delete-kind";
import { namedBy } from "../actions/kind-actions";
import { allowCidr as allowCidrEdit } from "../edits/allow-cidr";
import { openVpc } from "../edits/open-vpc";
import { createPeering, isolateVpcs as isolateEdit } from "../edits/peer-edits";
import { find } from "../edits/place";
import { setSetting, SETTINGS } from "../edits/settings-edits";
import { createVpc as createVpcEdit } from "../edits/vpc-edits";
import { Given } from "../given";
import { orThrow } from "../lab/named-object";
import { runEdit } from "../run-edit";
import { UsageError } from "../usage-error";

/** As the tools with this spelling had it, the host reaches the VPC. */
export const createVpc: Action = (session, given) => {
  const name = given.need(0, "name");
  const edit = createVpcEdit({ name, cidr: given.option("cidr"), reachableFromHost: null, dns: null }, { reachableByDefault: true });
  return runEdit(session, { doing: `create VPC “${name}”`, create: true, makes: true, unchanged: `VPC “${name}” is there already` }, edit);
};

/** A clean start: what is not there needs no tearing down. */
export const teardownVpc: Action = (session, given) => deleteNamed(session, { kind: "vpc", named: { name: given.need(0, "name") }, ifExists: true });

/** Subnets of a VPC reach each other by their router; only its groups could be in the way. */
export const allowIntraVpc: Action = (session, given) => {
  const name = given.option("vpc") ?? given.need(0, "name");
  return runEdit(session, { doing: `let the subnets of “${name}” reach each other`, create: true, unchanged: `the subnets of “${name}” reach each other already` }, openVpc(name));
};

export const isolateVpcs: Action = (session, given) => {
  const [a, b] = [given.needOption("cidrA"), given.needOption("cidrB")];
  return runEdit(session, { doing: `isolate ${a} from ${b}`, create: true, unchanged: `${a} and ${b} are isolated: without a peering nothing leads from VPC to VPC` }, isolateEdit(a, b));
};

/** The link alone, as joining two bridges was: what may pass is said by `allow-cidr`. */
export const peerVpcs: Action = async (session, given) => {
  const { document } = await readTopology(session);
  const vpcOf = (bridge: string) => (document.vpcs.some(({ name }) => name === bridge) ? bridge : bridge.replace(/^br-/, ""));
  const [vpc, peer] = [vpcOf(given.needOption("bridgeA")), vpcOf(given.needOption("bridgeB"))];
  const options = { vpc, peer, name: null, withAccess: false };
  return runEdit(session, {
    doing: `peer “${vpc}” with “${peer}”`, create: true, makes: true, unchanged: `“${vpc}” and “${peer}” are peered already`,
    next: () => ["Nothing passes yet: vpcctl allow-cidr --src <cidr> --dst <cidr>, for each direction."],
  }, createPeering(options));
};

export const allowCidr: Action = (session, given) => {
  const [src, dst] = [given.needOption("src"), given.needOption("dst")];
  return runEdit(session, { doing: `let ${src} reach ${dst}`, create: true, unchanged: `${src} reaches ${dst} already` }, allowCidrEdit(src, dst));
};

export const testConnectivity: Action = (session, given) => {
  const from = given.arg(0) ?? given.option("from") ?? given.option("src");
  const to = given.arg(1) ?? given.option("to") ?? given.option("dst");
  if (from === null || to === null) throw new UsageError("from where to where? --from <instance> --to <instance>");
  return test(session, new Given([from, to], { tcp: given.option("port") ?? undefined }));
};

/** For what is done by itself here: says so, and what is nearest. */
export const notNeeded = (why: string): Action => () => Promise.reject(new UsageError(why));

export const getIp: Action = async (session, given) => {
  const { document } = await readTopology(session);
  const { address } = orThrow(find(document, "instance", namedBy(given)));
  session.out.value({ address });
  session.out.line(address);
};

export const configGet: Action = async (session, given) => {
  const { settings } = (await readTopology(session)).document;
  const wanted = given.arg(0);
  const names = wanted === null ? Object.keys(SETTINGS) : [wanted];
  const values = Object.fromEntries(names.map((name) => {
    const setting = SETTINGS[name];
    if (!setting) throw new UsageError(`there is no setting “${name}”; there is ${Object.keys(SETTINGS).join(" and ")}`);
    return [name, settings[setting.field]];
  }));
  session.out.value(values);
  for (const [name, value] of Object.entries(values)) session.out.line(wanted === null ? `${name}=${value}` : value);
};

export const configSet: Action = (session, given) => {
  const [key, value] = [given.need(0, "key"), given.need(1, "value")];
  return runEdit(session, { doing: `set ${key} to ${value}`, create: true, unchanged: `${key} is ${value} already` }, setSetting(key, value));
};
