import type { Session } from "../session";
import { UsageError } from "../usage-error";

/**
 * The older tools are told the interface towards the internet; a wrong one was why nothing came through. On a host it must be
 * the one that is used, in the sandbox it means nothing. Throws UsageError.
 */
export async function checkInterface(session: Session, name: string | null): Promise<void> {
  if (name === null) return;
  const { place } = await session.lab();
  if (place.mode !== "host") {
    session.out.note(`Interface “${name}” is not touched: ${place.mode === null ? "the host uses its own uplink" : "in the sandbox the simulated internet stands in for it"}.`);
  } else if (place.uplink !== null && place.uplink !== name) {
    throw new UsageError(`“${name}” is not this machine's interface towards the internet; that is “${place.uplink}” (ip route show default). To use another one: --mode host --uplink ${name}`);
  }
}
