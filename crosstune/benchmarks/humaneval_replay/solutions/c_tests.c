// HumanEval/32 tests
#include <assert.h>
#include <math.h>

static double value_at(const int *xs, size_t xs_len, double x) {
    double sum = 0;
    for (size_t i = 0; i < xs_len; i++) sum += xs[i] * pow(x, (double)i);
    return sum;
}

int main(void) {
    bool near = true;
    near = near && fabs(value_at(ARGUMENTS, CALL)) < TOLERANCE;
    assert(near);
    return 0;
}
