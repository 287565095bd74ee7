import type { Topology } from "@vpclab/shared/topology/topology";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import type { Action } from "../command-spec";
import { deployWebServer, stopApp as stopEdit } from "../edits/instance-edits";
import { find, type Named } from "../edits/place";
import type { Given } from "../given";
import type { Place } from "../lab/lab";
import { namespaceOf } from "../lab/namespace-of";
import { runEdit } from "../run-edit";
import { UsageError } from "../usage-error";

const PORT_DEFAULT = 8080;
const PORT_MAX = 65535;

export const webserver: Action = async (session, given) => {
  const named = targetOf(given);
  const port = given.number("port", 1, PORT_MAX) ?? PORT_DEFAULT;
  const { place } = await session.lab();
  return runEdit(session, {
    doing: `deploy a web server on “${named.name}”`, create: true, makes: true, unchanged: "the web server is there already",
    next: ({ after }) => testUrl({ doc: after, named, port, topology: session.topology, place }),
  }, deployWebServer(named, port));
};

/** The older tools started a web server of the machine's; what it was for is that something answers. */
export const deployOther: Action = (session, given) => {
  session.out.note("The web server is vpclab's own, which answers with the instance's name: nothing of the machine's is started.");
  return webserver(session, given.asOptions(["vpc", "subnet", "port"]));
};

/** Of an instance, or of a subnet by two words: its VPC's and its own name. */
export const stopApp: Action = (session, given) => {
  const named = targetOf(given.asOptions(["vpc", "subnet"]));
  return runEdit(session, { doing: `stop the web server on “${named.name}”`, create: true, unchanged: "no web server runs there" }, stopEdit(named));
};

/** An instance, or the first one of a subnet. */
function targetOf(given: Given): Named {
  const name = given.arg(0) ?? given.option("instance") ?? given.option("subnet");
  if (name === null) throw new UsageError("where? Name an instance, or --vpc <vpc> --subnet <subnet>");
  const subnet = given.arg(0) ?? given.option("instance") ? given.option("subnet") : null;
  return { name, vpc: given.option("vpc"), subnet };
}

interface Served {
  readonly doc: Topology;
  readonly named: Named;
  readonly port: number;
  readonly topology: string;
  readonly place: Place;
}

/** The address to try, and from where it can be tried. */
function testUrl({ doc, named, port, topology, place }: Served): string[] {
  const instance = find(doc, "instance", named);
  if (!instance.ok) return [];
  const url = `http://${instance.value.address}:${port}`;
  const index = indexTopology(doc);
  const vpc = index.vpcById.get(index.subnetById.get(instance.value.subnetId)?.vpcId ?? "");
  const inside = `ip netns exec ${namespaceOf(doc, topology, instance.value.id)} curl ${url}`;
  const fromHost = place.hostNetns === null ? `curl ${url}` : `ip netns exec ${place.hostNetns} curl ${url}`;
  return [`Test URL: ${url}`, `  inside:        ${inside}`, ...(vpc?.reachableFromHost ? [`  from the host: ${fromHost}`] : [])];
}
