/** An average in which each new sample weighs a fixed part, so that old ones fade. */
export class MovingAverage {
  readonly #weight: number;
  #value: number | null = null;

  /** `weight` between 0 and 1: the part of the newest sample. */
  constructor(weight: number) {
    this.#weight = weight;
  }

  add(sample: number): void {
    this.#value = this.#value === null ? sample : this.#value + (sample - this.#value) * this.#weight;
  }

  /** Null before the first sample. */
  get value(): number | null {
    return this.#value;
  }
}
