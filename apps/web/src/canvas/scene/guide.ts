/** A line that shows with what a dragged box lines up: flow pixels. */
export interface LineGuide {
  readonly kind: "line";
  readonly axis: "x" | "y";
  /** The place on that axis. */
  readonly at: number;
  /** From where to where, on the other axis. */
  readonly from: number;
  readonly to: number;
}

/** A gap beside a dragged box that is as wide as another one. */
export interface GapGuide {
  readonly kind: "gap";
  /** Along which it is measured. */
  readonly axis: "x" | "y";
  /** The place on the other axis. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
}
export type Guide = LineGuide | GapGuide;
