package crosstune

import kotlin.contracts.contract

/* Kotlin's checks, which fail as assertions do: the tests use them in any case. */

fun assert(value: Boolean) {
    contract { returns() implies value }
    if (!value) throw AssertionError("Failed: assert")
}

inline fun assert(value: Boolean, lazyMessage: () -> Any) {
    contract { returns() implies value }
    if (!value) throw AssertionError(lazyMessage())
}

fun check(value: Boolean) {
    contract { returns() implies value }
    if (!value) throw AssertionError("Failed: check")
}

inline fun check(value: Boolean, lazyMessage: () -> Any) {
    contract { returns() implies value }
    if (!value) throw AssertionError(lazyMessage())
}

fun require(value: Boolean) {
    contract { returns() implies value }
    if (!value) throw AssertionError("Failed: require")
}

inline fun require(value: Boolean, lazyMessage: () -> Any) {
    contract { returns() implies value }
    if (!value) throw AssertionError(lazyMessage())
}
