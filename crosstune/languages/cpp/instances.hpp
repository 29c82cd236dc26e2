/* Templates that the usual includes or most programs instantiate, of those headers of libstdc++ that are included
   above. They are compiled once, into an object file that is linked with each program; with EXTERN as `extern` (in
   the precompiled header), programs leave them out.

   From C++17 on <cmath> has the mathematical special functions, whose instances alone take a third of the time that a
   small program is compiled. */
#ifdef _GLIBCXX_BITS_SPECFUN_H
#define SPECIAL_FUNCTIONS(type) \
  EXTERN template type std::__detail::__assoc_legendre_p(unsigned int, unsigned int, type, type); \
  EXTERN template type std::__detail::__comp_ellint_1(type); \
  EXTERN template type std::__detail::__comp_ellint_2(type); \
  EXTERN template type std::__detail::__comp_ellint_3(type, type); \
  EXTERN template type std::__detail::__cyl_bessel_i(type, type); \
  EXTERN template type std::__detail::__cyl_bessel_j(type, type); \
  EXTERN template type std::__detail::__cyl_bessel_k(type, type); \
  EXTERN template type std::__detail::__cyl_neumann_n(type, type); \
  EXTERN template type std::__detail::__ellint_1(type, type); \
  EXTERN template type std::__detail::__ellint_2(type, type); \
  EXTERN template type std::__detail::__ellint_3(type, type, type); \
  EXTERN template type std::__detail::__poly_legendre_p(unsigned int, type); \
  EXTERN template type std::__detail::__beta_lgamma(type, type); \
  EXTERN template type std::__detail::__expint_Ei(type); \
  EXTERN template type std::__detail::__poly_hermite_recursion(unsigned int, type); \
  EXTERN template type std::__detail::__poly_laguerre_large_n(unsigned int, unsigned int, type); \
  EXTERN template type std::__detail::__poly_laguerre_hyperg(unsigned int, unsigned int, type); \
  EXTERN template type std::__detail::__poly_laguerre_recursion(unsigned int, unsigned int, type); \
  EXTERN template type std::__detail::__riemann_zeta(type); \
  EXTERN template type std::__detail::__sph_bessel(unsigned int, type); \
  EXTERN template type std::__detail::__sph_legendre(unsigned int, unsigned int, type); \
  EXTERN template type std::__detail::__sph_neumann(unsigned int, type);
SPECIAL_FUNCTIONS(float)
SPECIAL_FUNCTIONS(long double)
#undef SPECIAL_FUNCTIONS
#ifndef __STRICT_ANSI__
#define MORE_SPECIAL_FUNCTIONS(type) \
  EXTERN template type std::__detail::__conf_hyperg(type, type, type); \
  EXTERN template type std::__detail::__hyperg(type, type, type, type); \
  EXTERN template void std::__detail::__airy(type, type &, type &, type &, type &);
MORE_SPECIAL_FUNCTIONS(float)
MORE_SPECIAL_FUNCTIONS(long double)
#undef MORE_SPECIAL_FUNCTIONS
#endif
#endif
#ifdef _GLIBCXX_VECTOR
EXTERN template class std::vector<int>;
EXTERN template class std::vector<float>;
#ifdef _GLIBCXX_STRING
EXTERN template class std::vector<std::string>;
#endif
#endif
