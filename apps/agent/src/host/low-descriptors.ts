import { closeSync, openSync } from "node:fs";

/**
 * Keeps low descriptor numbers for those who cannot live with high ones, however many files the process has open: the kernel
 * always gives out the lowest free number, so who opens something right after `letOne` gets one of these.
 */
export class LowDescriptors {
  private readonly kept: number[] = [];

  /** Throws when there are not so many numbers below `below` any more. */
  constructor(count: number, private readonly below: number) {
    for (let index = 0; index < count; index++) this.takeBack();
  }

  letOne(): void {
    const lowest = this.kept.pop();
    if (lowest === undefined) throw new Error("all low descriptors are in use");
    closeSync(lowest);
  }

  /** After what was opened is closed again. */
  takeBack(): void {
    const descriptor = openSync("/dev/null", "r");
    if (descriptor < this.below) this.kept.push(descriptor);
    else {
      closeSync(descriptor);
      throw new Error(`this process has more than ${this.below} files open`);
    }
  }
}
