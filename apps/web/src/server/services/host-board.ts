import type { HostChecks, HostLoad } from "@vpclab/shared/wire/host-report";

interface Board {
  load: HostLoad | null;
  checks: HostChecks | null;
}

/** What hosts have told of themselves last. In memory: each tells it anew when it connects. */
export class HostBoard {
  readonly #boards = new Map<string, Board>();

  of(hostId: string): Readonly<Board> {
    return this.#boards.get(hostId) ?? { load: null, checks: null };
  }

  note(hostId: string, told: Partial<Board>): void {
    this.#boards.set(hostId, { ...this.of(hostId), ...told });
  }

  /** Nobody knows how busy a host is that is away; what it has stays. */
  away(hostId: string): void {
    if (this.#boards.has(hostId)) this.note(hostId, { load: null });
  }

  forget(hostId: string): void {
    this.#boards.delete(hostId);
  }
}
