import { useCallback, useState } from "react";

/** How this person has arranged the editor, remembered by the browser. Pixels. */
export interface PanelSizes {
  readonly narrowPalette: boolean;
  readonly leftTab: "add" | "outline";
  readonly side: number;
  readonly sideOpen: boolean;
  readonly dock: number;
  readonly dockOpen: boolean;
}

const KEY = "vpclab-panels";
/** The canvas gets most of a small screen. */
const SIDE = { part: 0.25, min: 320, max: 384 } as const;
export const SIDE_WIDTH = `clamp(${SIDE.min}px, ${SIDE.part * 100}vw, ${SIDE.max}px)`;
const initial = (): PanelSizes => ({
  narrowPalette: false, leftTab: "add", side: Math.round(Math.min(SIDE.max, Math.max(SIDE.min, innerWidth * SIDE.part))), sideOpen: true, dock: 296, dockOpen: false,
});

export function usePanelSizes(): [PanelSizes, (change: Partial<PanelSizes>) => void] {
  const [sizes, setSizes] = useState<PanelSizes>(remembered);
  const change = useCallback((patch: Partial<PanelSizes>) => {
    setSizes((before) => {
      const next = { ...before, ...patch };
      try {
        localStorage.setItem(KEY, JSON.stringify(next));
      } catch {
        // A browser without storage forgets the arrangement; nothing else depends on it.
      }
      return next;
    });
  }, []);
  return [sizes, change];
}

function remembered(): PanelSizes {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<PanelSizes>;
    return { ...initial(), ...stored };
  } catch {
    return initial();
  }
}
