import { useReactFlow } from "@xyflow/react";
import { findObject } from "@vpclab/shared/topology/topology-index";
import { useMemo } from "react";
import { useEditor } from "../state/editor-context";
import { select } from "../state/editor-store";
import { motionMs } from "./motion-ms";
import { boundsOf } from "../scene/rect";
import type { Rect } from "../scene/rect";
import { HOST_ID, vpcIdOf } from "../scene/scene";
import type { Scene } from "../scene/scene";
import { fitOptions } from "./use-auto-fit";

/** How near a found object is shown: with all its details, and not larger than life. */
const NEAR = { padding: 0.35, maxZoom: 1.1, minZoom: 0.1 } as const;

/** Moving the view: to everything, to the selection, to what was found. */
export function useView() {
  const { editor, gestures, scene } = useEditor();
  const { fitView, fitBounds, zoomIn, zoomOut, getZoom, setCenter } = useReactFlow();

  return useMemo(() => {
    const show = async (bounds: Rect | null): Promise<void> => {
      if (!bounds) return;
      gestures.setState({ ownView: true });
      // A small thing in the middle, with what is around it; a large one as a whole.
      if (bounds.width < 400 && bounds.height < 400) {
        await setCenter(bounds.x + bounds.width / 2, bounds.y + bounds.height / 2, { zoom: Math.min(NEAR.maxZoom, Math.max(0.9, getZoom())), duration: motionMs(150) });
      } else await fitBounds(bounds, { padding: NEAR.padding / 2, duration: motionMs(150) });
    };
    return {
      fit: () => {
        gestures.setState({ ownView: false });
        void fitView({ ...fitOptions(scene()), duration: motionMs(150) });
      },
      zoomIn: () => void zoomIn({ duration: motionMs(100) }),
      zoomOut: () => void zoomOut({ duration: motionMs(100) }),
      zoomToSelection: () => void show(boundsOfAll(scene(), editor.getState().selection)),
      /** Selects an object, brings it into the middle, and gives it the focus where it stands on the canvas. */
      reveal: (id: string) => {
        if (id !== HOST_ID && !findObject(editor.getState().document, id)) return;
        select(editor, [id]);
        // Focus when it is in sight: React Flow moves the view to a focused node that is not.
        void show(boundsOfAll(scene(), new Set([id]))).then(() => {
          document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
        });
      },
    };
  }, [editor, gestures, scene, fitView, fitBounds, zoomIn, zoomOut, getZoom, setCenter]);
}

/** Where objects stand on the canvas; for those without a box, what they belong to: both ends of a peering, else the VPC. */
export function boundsOfAll({ world, index }: Scene, ids: ReadonlySet<string>): Rect | null {
  return boundsOf([...ids].flatMap((id): Rect[] => {
    const peering = index.peeringById.get(id);
    const elasticIp = index.elasticIpById.get(id);
    const places = peering ? [peering.requesterVpcId, peering.accepterVpcId, id] : elasticIp?.target ? [elasticIp.target.id] : [id];
    const found = places.flatMap((place) => world.get(place) ?? []);
    if (found.length > 0) return found;
    const vpc = world.get(vpcIdOf(index, id) ?? "");
    return vpc ? [vpc] : [];
  }));
}
