import type { PublishedPort } from "@vpclab/shared/topology/topology";
import type { RowForm } from "../grid/row-form";
import { parsePort } from "./port-text";

const PORT_HINT = "A port is a whole number from 1 to 65535.";

/** Ports of the host that lead to ports of one instance. */
export const PUBLISHED_PORT_FORM: RowForm<PublishedPort> = {
  columns: [
    { key: "protocol", label: "Protocol", kind: "select", widthMin: 68, options: () => [{ value: "tcp", label: "TCP" }, { value: "udp", label: "UDP" }] },
    { key: "hostPort", label: "Port of the host", kind: "text", widthMin: 84, grow: true, mono: true, placeholder: "host port" },
    { key: "port", label: "Port of the instance", kind: "text", widthMin: 84, grow: true, mono: true, placeholder: "port here" },
  ],
  fresh: { protocol: "tcp", hostPort: "", port: "" },
  textsOf: ({ protocol, hostPort, port }) => ({ protocol, hostPort: String(hostPort), port: String(port) }),
  parse: (texts) => {
    const hostPort = parsePort((texts.hostPort ?? "").trim());
    const port = parsePort((texts.port ?? "").trim());
    if (hostPort === null || port === null) {
      return { ok: false, errors: { ...(hostPort === null ? { hostPort: PORT_HINT } : {}), ...(port === null ? { port: PORT_HINT } : {}) } };
    }
    return { ok: true, row: { protocol: texts.protocol === "udp" ? "udp" : "tcp", hostPort, port } };
  },
};
