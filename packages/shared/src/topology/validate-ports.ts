import type { FieldPath, Issue } from "../errors/issue";
import type { Topology } from "./topology";
import { isPort, PORT_MAX } from "./validate-rules";

/** Web servers' ports, and ports of the host that are published: each of those belongs to one instance. */
export function validatePorts(doc: Topology): Issue[] {
  const owners = new Map<string, string>();
  return doc.instances.flatMap((instance, i): Issue[] => {
    const issues: Issue[] = [];
    const check = (port: number, path: FieldPath) => {
      if (!isPort(port)) issues.push({ severity: "error", code: "PORT", path, objectId: instance.id, message: `${port} is no port; use a whole number from 1 to ${PORT_MAX}.` });
    };
    if (instance.webServer) check(instance.webServer.port, ["instances", i, "webServer", "port"]);
    for (const [j, published] of instance.publishedPorts.entries()) {
      const path = ["instances", i, "publishedPorts", j];
      check(published.port, [...path, "port"]);
      check(published.hostPort, [...path, "hostPort"]);
      const key = `${published.protocol} ${published.hostPort}`;
      const other = owners.get(key);
      if (other !== undefined) {
        issues.push({
          severity: "error", code: "PORT_TAKEN", path: [...path, "hostPort"], objectId: instance.id,
          message: `The host's ${published.protocol} port ${published.hostPort} leads to “${other}” already; choose another one.`,
        });
      }
      owners.set(key, instance.name);
    }
    return issues;
  });
}
