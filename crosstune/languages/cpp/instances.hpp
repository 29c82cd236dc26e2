/* Templates that the usual includes or most programs instantiate, of those headers of libstdc++ that are included
   above. They are compiled once, into an archive that is linked with each program; with EXTERN as `extern` (in
   the precompiled header), programs leave them out.

   An inline function in a header, such as std::stoi, has its templates instantiated in each program that includes the
   header, used or not: the compiler keeps them for the end of the file. So a program that is empty has 388 of them.
   Those that are not inline themselves can be left out (`-fdump-tree-original` lists them all).

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
#ifdef _GLIBCXX_STRING
#define CONVERSION(type, result, number) \
  EXTERN template result __gnu_cxx::__stoa(number (*)(const type *, type **), const char *, const type *, std::size_t *);
#define CONVERSION_OF_INTEGERS(type, result, number) \
  EXTERN template result __gnu_cxx::__stoa(number (*)(const type *, type **, int), const char *, const type *, \
                                           std::size_t *, int);
#define CONVERSIONS(type) \
  CONVERSION_OF_INTEGERS(type, int, long) \
  CONVERSION_OF_INTEGERS(type, long, long) \
  CONVERSION_OF_INTEGERS(type, unsigned long, unsigned long) \
  CONVERSION_OF_INTEGERS(type, long long, long long) \
  CONVERSION_OF_INTEGERS(type, unsigned long long, unsigned long long) \
  CONVERSION(type, float, float) \
  CONVERSION(type, double, double) \
  CONVERSION(type, long double, long double) \
  EXTERN template std::basic_string<type> __gnu_cxx::__to_xstring( \
    int (*)(type *, std::size_t, const type *, __builtin_va_list), std::size_t, const type *, ...);
CONVERSIONS(char)
CONVERSIONS(wchar_t)
#undef CONVERSIONS
#undef CONVERSION_OF_INTEGERS
#undef CONVERSION
/* Also the literals of strings of all kinds ("x"s). */
#define TEXT(type) \
  EXTERN template void std::basic_string<type>::_M_construct(const type *, const type *, std::forward_iterator_tag); \
  EXTERN template void std::basic_string<type>::_M_construct(type *, type *, std::forward_iterator_tag);
TEXT(char)
TEXT(wchar_t)
TEXT(char16_t)
TEXT(char32_t)
#undef TEXT
EXTERN template class std::basic_string<char16_t>;
EXTERN template class std::basic_string<char32_t>;
#endif
#ifdef BOOST_ANY_INCLUDED
EXTERN template void boost::throw_exception(const std::runtime_error &);
EXTERN template class boost::wrapexcept<std::runtime_error>;
#endif
