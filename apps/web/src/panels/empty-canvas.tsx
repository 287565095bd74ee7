"use client";

import { Cloud } from "lucide-react";

/** An empty drawing says what to do with it, beneath what is drawn without any VPC. Lets every pointer event through to the canvas beneath. */
export const EmptyCanvas = () => (
  <div className="pointer-events-none absolute inset-x-0 top-[42%] bottom-0 flex items-center justify-center">
    <div className="flex max-w-sm flex-col items-center gap-3 text-center">
      <Cloud className="size-10 text-muted" aria-hidden />
      <p className="text-lg font-semibold">Begin with a VPC</p>
      <p className="text-sm text-muted">
        Drag one here from the palette, then subnets into it. Name, range and addresses are filled in; everything can be changed later.
        With the keyboard: press Enter on an item of the palette.
      </p>
    </div>
  </div>
);
