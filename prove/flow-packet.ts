import type { ProbeEnd } from "@vpclab/shared/analysis/probe";
import type { Instance, NatGateway } from "@vpclab/shared/topology/topology";
import type { FastProbe, ProbePlace } from "../apps/agent/src/probes/fast-probe";
import { HOST_ADDRESS, SANDBOX_HOST_NETNS } from "../apps/agent/src/sandbox/sandbox-state";
import type { KnownFlow } from "./choose-flows";
import { type Applied, INTERNET_PLACE, placeOfInstance, placeOfNatGateway, publicAddress, vpcOf } from "./place";

const HOST_PLACE: ProbePlace = { namespace: SANDBOX_HOST_NETNS, address: HOST_ADDRESS };
/** The host sends from the address of whichever link its routes say. */
const HOST_SENDER: ProbePlace = { ...HOST_PLACE, address: "0.0.0.0" };

/** Id of the instance or NAT gateway that an end stands for; null: the internet, the host. */
export function drawnIdOf(end: ProbeEnd): string | null {
  if ("instanceId" in end) return end.instanceId;
  return "publicAddressOf" in end ? end.publicAddressOf : null;
}

/** The packet that tries a flow; null where there is no address to send it to. */
export function packetOf(flow: KnownFlow, applied: Applied): FastProbe | null {
  const port = flow.port ?? 0;
  const target = { ...placeOf(flow.destination, applied), port };
  const fromOutside = "publicAddressOf" in flow.destination || ("internet" in flow.source && "instanceId" in flow.destination);
  const to = fromOutside ? addressFromOutside(flow, applied) : { address: target.address, port };
  if (!to) return null;
  const source = "host" in flow.source ? HOST_SENDER : placeOf(flow.source, applied);
  return { protocol: flow.protocol, source, sourcePort: flow.sourcePort, to, target };
}

/** With a pool: its public address. Without: the host's own, at the port that is published for it. */
function addressFromOutside({ destination, protocol, port }: KnownFlow, applied: Applied): FastProbe["to"] | null {
  const target = drawn(destination, applied);
  // Without a gateway nothing leads there: a published port is the host's own then, and the host says what it says.
  if (!applied.index.gatewayOfVpc(vpcOf(applied.index, target.subnetId).id)) return null;
  if (applied.publicPool) {
    const address = publicAddress(applied, target.id);
    return address === null ? null : { address, port: port ?? 0 };
  }
  const published = "publishedPorts" in target ? target.publishedPorts.find((one) => one.protocol === protocol && one.port === port) : undefined;
  return published ? { address: HOST_ADDRESS, port: published.hostPort } : null;
}

function placeOf(end: ProbeEnd, applied: Applied): ProbePlace {
  if ("internet" in end) return INTERNET_PLACE;
  if ("host" in end) return HOST_PLACE;
  const target = drawn(end, applied);
  return "publishedPorts" in target ? placeOfInstance(applied, target) : placeOfNatGateway(applied, target);
}

function drawn(end: ProbeEnd, { index }: Applied): Instance | NatGateway {
  const id = drawnIdOf(end);
  const found = id === null ? undefined : index.instanceById.get(id) ?? index.natGatewayById.get(id);
  if (!found) throw new Error(`${id} is not in this topology`);
  return found;
}
