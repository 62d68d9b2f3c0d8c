// What Grafana's own types say of a dashboard: names that it doesn't know, and values that it doesn't take, are errors.
import type { Dashboard, FieldConfig, GraphFieldConfig, Panel, RowPanel, VizLegendOptions, VizTooltipOptions } from "@grafana/schema";
import type { Options as StatOptions } from "@grafana/schema/dist/types/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen.d.ts";

// JSON holds an enumeration's values, not its names.
type Plain<T> = T extends string ? `${T}` : T extends number | boolean | null | undefined ? T : T extends (infer Item)[] ? Plain<Item>[] : { [Key in keyof T]: Plain<T[Key]> };

type Source = { type: string; uid: string };
type Query = { refId: string; datasource: Source; expr: string; legendFormat: string; instant: boolean; range: boolean };
type Shown<Kind, Options, Custom> = Pick<Panel, "id" | "title" | "description" | "gridPos"> & {
  type: Kind;
  datasource: Source;
  targets: Query[];
  options: Options;
  fieldConfig: { defaults: Omit<FieldConfig, "custom"> & { custom: Custom }; overrides: [] };
};
type Lines = Shown<"timeseries", { legend: VizLegendOptions; tooltip: VizTooltipOptions }, GraphFieldConfig>;
type Numbers = Shown<"stat", StatOptions, Record<string, never>>;
export type File = Plain<Omit<Dashboard, "panels"> & { panels: (RowPanel | Lines | Numbers)[] }>;
