import type { Counter, Counters } from "@vpclab/shared/wire/live";
import type { Subnet } from "@vpclab/shared/topology/topology";
import { routeTableOf } from "@vpclab/shared/topology/effective";
import type { Action } from "../command-spec";
import { find } from "../edits/place";
import { orThrow } from "../lab/named-object";
import { bytesText } from "../output/quantity";
import type { Session } from "../session";
import { publicAddressOf } from "../views/network-views";
import { stateCell, type ViewContext } from "../views/view";
import { readTopology, viewContext } from "./read-topology";

/** One translation of source addresses: of a public subnet by the internet gateway, of private ones by a NAT gateway. */
interface Translation {
  readonly subnet: string;
  readonly source: readonly string[];
  readonly translatedTo: string;
  readonly by: string;
  readonly gatewayId: string;
}

/** Exactly one line for each public subnet and none for a private one; beside them the drawn NAT gateways. */
export const listNat: Action = async (session, given) => {
  const context = viewContext(await readTopology(session));
  const vpc = given.option("vpc");
  const vpcId = vpc === null ? null : orThrow(find(context.doc, "vpc", { name: vpc })).id;
  const { publicPool } = (await session.lab()).place;
  const translations = [...ofSubnets(context, publicPool), ...ofNatGateways(context)].filter(({ gatewayId }) => vpcId === null || vpcOf(gatewayId, context) === vpcId);
  const counters = await firstCounters(session, translations.length > 0);
  session.out.value(translations.map((translation) => ({
    ...translation, counters: counters[translation.gatewayId] ?? null, state: context.deployment.objects[translation.gatewayId]?.state ?? "absent",
  })));
  if (translations.length === 0) session.out.line("No NAT: no subnet has a way to the internet.");
  else {
    session.out.table(
      [{ title: "SUBNET" }, { title: "SOURCE" }, { title: "TRANSLATED TO" }, { title: "BY" }, { title: "PACKETS OUT", align: "right" }, { title: "BYTES OUT", align: "right" }, { title: "STATE" }],
      translations.map(({ subnet, source, translatedTo, by, gatewayId }) =>
        [subnet, source.join(", ") || "-", translatedTo, by, ...counted(counters[gatewayId]), stateCell(context, gatewayId)]),
    );
  }
};

const counted = (counter: Counter | undefined): [string, string] => (counter ? [String(counter.txPackets), bytesText(counter.txBytes)] : ["-", "-"]);

function ofSubnets(context: ViewContext, publicPool: boolean): Translation[] {
  return context.doc.subnets.flatMap((subnet): Translation[] => {
    const gateway = context.index.gatewayOfVpc(subnet.vpcId);
    if (!gateway || !routeTableOf(context.index, subnet).routes.some(({ target }) => target.id === gateway.id)) return [];
    const translatedTo = publicPool ? publicAddresses(subnet, context) : "the host's own address (masquerade)";
    return [{ subnet: pathOf(subnet, context), source: [subnet.cidr], translatedTo, by: gateway.name, gatewayId: gateway.id }];
  }).sort((a, b) => a.subnet.localeCompare(b.subnet));
}

function publicAddresses(subnet: Subnet, context: ViewContext): string {
  const owners = [...context.index.instancesOfSubnet(subnet.id), ...context.index.natGatewaysOfSubnet(subnet.id)];
  const addresses = owners.flatMap((owner) => publicAddressOf(owner, context) ?? []);
  return addresses.length === 0 ? "no public address yet" : `${addresses.join(", ")} (1:1)`;
}

const ofNatGateways = (context: ViewContext): Translation[] => context.doc.natGateways.map((gateway) => {
  const tables = new Set(context.doc.routeTables.filter(({ routes }) => routes.some(({ target }) => target.id === gateway.id)).map(({ id }) => id));
  const routed = context.doc.subnets.filter((subnet) => tables.has(routeTableOf(context.index, subnet).id));
  return {
    subnet: routed.map((subnet) => pathOf(subnet, context)).sort().join(", ") || "-",
    source: routed.map(({ cidr }) => cidr),
    translatedTo: `${gateway.address}, then ${publicAddressOf(gateway, context) ?? "no public address yet"}`,
    by: `${gateway.name} (NAT gateway)`, gatewayId: gateway.id,
  };
});

const pathOf = (subnet: Subnet, { index }: ViewContext): string => `${index.vpcById.get(subnet.vpcId)?.name ?? "?"}/${subnet.name}`;

function vpcOf(gatewayId: string, { index }: ViewContext): string | undefined {
  return index.gatewayById.get(gatewayId)?.vpcId ?? index.subnetById.get(index.natGatewayById.get(gatewayId)?.subnetId ?? "")?.vpcId;
}

/** The first reading; none where the host is away. */
async function firstCounters(session: Session, needed: boolean): Promise<Counters> {
  if (!needed) return {};
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(), COUNTERS_WAIT_MS);
  try {
    for await (const { counters } of (await session.lab()).counters(session.topology, ended.signal)) return counters;
  } catch {
    // The table stands without them.
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
  return {};
}

const COUNTERS_WAIT_MS = 3000;
