import type { PublishedPort } from "@vpclab/shared/topology/topology";
import type { Action } from "../command-spec";
import { createInstance as createInstanceEdit, setInstance as setInstanceEdit } from "../edits/instance-edits";
import type { Given } from "../given";
import { runEdit } from "../run-edit";
import { UsageError } from "../usage-error";
import { givenSwitch } from "./given-switch";

const PORT_MAX = 65535;

export const createInstance: Action = (session, given) => {
  const name = given.either(0, "name");
  const options = {
    name, vpc: given.option("vpc"), subnet: given.option("subnet"), address: given.option("address"), groups: given.list("sg"),
    webServerPort: given.number("webServer", 1, PORT_MAX),
  };
  return runEdit(session, { doing: `create instance${name === null ? "" : ` “${name}”`}`, create: true, makes: true, unchanged: `instance “${name}” is there already` }, createInstanceEdit(options));
};

export const setInstance: Action = (session, given) => {
  // `--subnet` is where it moves to, so the name says by itself which instance is meant.
  const named = { name: given.need(0, "name"), vpc: given.option("vpc") };
  const change = {
    newName: given.option("rename"), address: given.option("address"), subnet: given.option("subnet"), groups: given.list("sg"),
    sourceDestCheck: givenSwitch(given, "sourceDestCheck"), webServerPort: webServer(given),
    publish: given.list("publish").map(publishedPort), unpublish: given.list("unpublish").map(hostPort),
  };
  return runEdit(session, { doing: `change instance “${named.name}”`, create: true }, setInstanceEdit(named, change));
};

function webServer(given: Given): number | "none" | null {
  return given.option("webServer") === "off" ? "none" : given.number("webServer", 1, PORT_MAX);
}

/** `8080:80`, `tcp:8080:80`, `udp:53:53`. */
function publishedPort(text: string): PublishedPort {
  const found = /^(?:(tcp|udp):)?([0-9]{1,5}):([0-9]{1,5})$/.exec(text);
  if (!found) throw new UsageError(`--publish: “${text}” is not <host port>:<port>, e.g. 8080:80 or udp:5353:53`);
  return { protocol: found[1] === "udp" ? "udp" : "tcp", hostPort: Number(found[2]), port: Number(found[3]) };
}

function hostPort(text: string): number {
  if (!/^[0-9]{1,5}$/.test(text)) throw new UsageError(`--unpublish: “${text}” is no port of the host`);
  return Number(text);
}
