import type { TrafficOptions } from "../edits/traffic";
import type { Given } from "../given";

/** `--tcp 80 --from 10.0.0.0/16`, and `--protocol tcp --port 80` for who is used to that. */
export function givenTraffic(given: Given): TrafficOptions {
  const protocol = given.option("protocol");
  const ports = given.option("port") ?? "all";
  return {
    tcp: given.option("tcp") ?? (protocol === "tcp" ? ports : null),
    udp: given.option("udp") ?? (protocol === "udp" ? ports : null),
    icmp: given.flag("icmp") === true || protocol === "icmp",
    all: given.flag("all") === true || protocol === "all",
    from: given.option("from"),
    to: given.option("to"),
  };
}
