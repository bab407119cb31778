// The public interface of the engine: pure mathematics on typed arrays, no I/O, no dependency.
export {
  axes,
  defaultTierOptions,
  plainTiers,
  storeThresholds,
  tiers,
  type Axis,
  type Thresholds,
  type Tier,
  type TierOptions,
} from "./tiers.ts";
export { summarize, type Purchases, type Summary, type Traces } from "./histories/summary.ts";
export { traced } from "./histories/traces.ts";
export { horizons, type HorizonDays } from "./histories/horizon.ts";
export { ruleCodes, type RuleCheck, type RuleCode } from "./gate/gate.ts";
export { fitStore, type FitResult, type FitStoreOptions, type StoreFit } from "./fit.ts";
export { refitStore } from "./refit.ts";
export { scoreStore, type Scores } from "./score.ts";
export { currentTier, type Placement, type CurrentTier } from "./hysteresis.ts";
export {
  explain,
  factCodes,
  type Explained,
  type Explanation,
  type Fact,
  type FactCode,
} from "./explain.ts";
export { spendIntervals, type SpendIntervals } from "./spend-interval.ts";
export { totalRange, type TotalRange, type WindowTotal } from "./range.ts";
export { levelWarning, type LevelWarning } from "./gate/level-rule.ts";
export {
  backtest,
  type Backtest,
  type ModelResult,
  type BaselineResult,
  type ValueMetrics,
} from "./backtest.ts";
export {
  judgeScores,
  type Judgement,
  type ShownScores,
  type TierOutcome,
  type BaselineOutcome,
  type GroupingOutcome,
} from "./judgement.ts";
export { baselineNames, type BaselineName } from "./gate/baselines.ts";
export type { CalibrationBin } from "./maths/likelihood-metrics.ts";
export { digest } from "./histories/digest.ts";
export type { Typical } from "./histories/typical-customer.ts";
export { simulateStore, type Simulation, type SimulationOptions, type Truth } from "./simulate.ts";
export { ENGINE_VERSION } from "./version.ts";
