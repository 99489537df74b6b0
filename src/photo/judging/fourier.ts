// Runs in browser and Node: pure.

/**
 * Computes discrete Fourier transforms of one size, which must be a power of two, by the radix-2 method (Cooley and
 * Tukey, Math. Comput. 19, 1965). The factors are computed once. The results are not normalised.
 */
export class FourierTransform {
  readonly size: number;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  readonly #reversed: Uint32Array;

  constructor(size: number) {
    this.size = size;
    const bits = Math.log2(size);
    this.#cosines = Float64Array.from({ length: size / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.#sines = Float64Array.from({ length: size / 2 }, (_, k) => -Math.sin((2 * Math.PI * k) / size));
    this.#reversed = Uint32Array.from({ length: size }, (_, index) => {
      let reversed = 0;
      for (let bit = 0; bit < bits; bit++) reversed |= ((index >> bit) & 1) << (bits - 1 - bit);
      return reversed;
    });
  }

  /**
   * Transforms `size` complex values in place. The first value has the index `start`; each next one is `stride`
   * further.
   */
  transform(real: Float64Array, imaginary: Float64Array, start = 0, stride = 1): void {
    this.#reorder(real, start, stride);
    this.#reorder(imaginary, start, stride);
    for (let length = 2; length <= this.size; length *= 2) {
      const half = length / 2;
      for (let k = 0; k < half; k++) {
        const cosine = this.#cosines[(k * this.size) / length] ?? 0;
        const sine = this.#sines[(k * this.size) / length] ?? 0;
        for (let index = k; index < this.size; index += length) {
          const even = start + index * stride;
          const odd = even + half * stride;
          const oddReal = real[odd] ?? 0;
          const oddImaginary = imaginary[odd] ?? 0;
          const turnedReal = oddReal * cosine - oddImaginary * sine;
          const turnedImaginary = oddReal * sine + oddImaginary * cosine;
          real[odd] = (real[even] ?? 0) - turnedReal;
          imaginary[odd] = (imaginary[even] ?? 0) - turnedImaginary;
          real[even] = (real[even] ?? 0) + turnedReal;
          imaginary[even] = (imaginary[even] ?? 0) + turnedImaginary;
        }
      }
    }
  }

  #reorder(values: Float64Array, start: number, stride: number): void {
    for (let index = 0; index < this.size; index++) {
      const other = this.#reversed[index] ?? 0;
      if (other <= index) continue;
      const value = values[start + index * stride] ?? 0;
      values[start + index * stride] = values[start + other * stride] ?? 0;
      values[start + other * stride] = value;
    }
  }
}

/**
 * Returns a Hann window of some length, with values from 0 to 1. Multiplied with a signal, the window fades it in and
 * out, so that the ends of the signal do not add false frequencies to its spectrum.
 */
export function hannWindow(length: number): Float64Array {
  return Float64Array.from({ length }, (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (at + 0.5)) / length));
}
