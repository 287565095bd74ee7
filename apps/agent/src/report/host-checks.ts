import type { HostCheck, HostChecks } from "@vpclab/shared/wire/host-report";
import { HOST_CHECKS_MAX } from "@vpclab/shared/wire/host-report";

const CHARS_MAX = 2000;

/** What `doctor` found, made once and kept until somebody asks anew: it starts a dozen programs. */
export class HostCheckList {
  readonly #look: () => Promise<readonly HostCheck[]>;
  #found: Promise<HostChecks> | null = null;
  #isLooking = false;

  constructor(look: () => Promise<readonly HostCheck[]>) {
    this.#look = look;
  }

  /** `anew`: looks again; two who ask at the same time get one answer. */
  read({ anew = false } = {}): Promise<HostChecks> {
    if (anew && !this.#isLooking) this.#found = null;
    this.#found ??= this.#lookNow();
    return this.#found;
  }

  async #lookNow(): Promise<HostChecks> {
    this.#isLooking = true;
    try {
      const checks = await this.#look();
      return { at: Date.now(), checks: checks.slice(0, HOST_CHECKS_MAX).map(fitted) };
    } catch (error) {
      this.#found = null;
      throw error;
    } finally {
      this.#isLooking = false;
    }
  }
}

const fitted = ({ name, ok, found, advice }: HostCheck): HostCheck => ({
  name: name.slice(0, 64), ok, found: found.slice(0, CHARS_MAX), advice: advice === null ? null : advice.slice(0, CHARS_MAX),
});
