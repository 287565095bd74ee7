"use client";

/**
 * An empty drawing says what to do with it, beneath the internet and the host, which the view has in its middle. Lets every pointer
 * event through to the canvas.
 */
export const EmptyCanvas = () => (
  <div className="pointer-events-none absolute inset-x-0 top-[calc(50%+92px)] flex justify-center px-4">
    <div className="flex max-w-md flex-col gap-2 text-center">
      <p className="text-lg font-semibold">Begin with a VPC</p>
      <p className="text-sm text-muted">
        Drag one here from the palette, then subnets into it. Name, range and addresses are filled in; everything can be changed later.
        With the keyboard: press Enter on an item of the palette.
      </p>
    </div>
  </div>
);
