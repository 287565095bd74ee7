import { readFileSync } from "node:fs";

/** State of a TCP socket that listens, and of a UDP socket that is not connected (include/net/tcp_states.h). */
const WAITING = { tcp: "0A", udp: "07" } as const;

/** Ports that programs of this very network namespace wait on, as `tcp 22` (proc_net(5): address and port in hexadecimal). */
export function listeningPorts(directory = "/proc/self/net"): ReadonlySet<string> {
  return new Set((["tcp", "udp"] as const).flatMap((protocol) => [protocol, `${protocol}6`].flatMap((file) => rowsOf(`${directory}/${file}`).flatMap((row) => {
    const [, local, , state] = row.trim().split(/\s+/);
    const port = parseInt(local?.split(":").at(-1) ?? "", 16);
    return state === WAITING[protocol] && port > 0 ? [`${protocol} ${port}`] : [];
  }))));
}

/** None where the kernel has no IPv6. */
function rowsOf(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n").slice(1);
  } catch {
    return [];
  }
}
