import { UserError } from "./progress.mjs";

const LEAST = [20, 19];

/** Stops with one line when this Node is too old: everything after it would fail in ways that say nothing. */
export function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])) return `v${process.versions.node}`;
  throw new UserError(
    `This is Node ${process.versions.node}; vpclab needs Node ${LEAST.join(".")} or newer.\n` +
    "Debian's own package may be older: take it from https://nodejs.org/en/download or by a version manager.",
  );
}
