/* Finds out whether an operator of the candidate may have decided the comparison of an assertion; see gcc.py.

   Only the names of types are evaluated here. All names end in an underscore, because the candidate's macros are
   still defined. */
#include <type_traits>
#include <typeinfo>

namespace NAME_fair {

/* The names of the standard library's types, and of Boost's, as the compiler mangles them. */
inline bool standard_(const char *name_) {
  return name_[0] == 'S' || (name_[0] == 'N' && (name_[1] == 'S' || (name_[1] == '5' && name_[2] == 'b')));
}

/* Whether no part of a type is from the candidate: it is built in, or from the standard library with such arguments. */
template <class Type_> struct plain_ {
  static bool is_() {
    return std::is_arithmetic<Type_>::value || std::is_pointer<Type_>::value || standard_(typeid(Type_).name());
  }
};
template <class... Types_> struct all_plain_ {
  static bool is_() { return true; }
};
template <class First_, class... Rest_> struct all_plain_<First_, Rest_...> {
  static bool is_() { return plain_<First_>::is_() && all_plain_<Rest_...>::is_(); }
};
template <template <class...> class Of_, class... Types_> struct plain_<Of_<Types_...>> {
  static bool is_() { return standard_(typeid(Of_<Types_...>).name()) && all_plain_<Types_...>::is_(); }
};
template <> struct plain_<std::nullptr_t> {
  static bool is_() { return true; }
};

/* The type of a comparison of the two; further operators keep this type. */
template <class Left_, class Right_> struct Compared_ {
  operator bool() const;
  template <class Other_> Compared_ operator==(const Other_ &) const;
  template <class Other_> Compared_ operator!=(const Other_ &) const;
  template <class Other_> Compared_ operator&&(const Other_ &) const;
};
template <class Left_> struct Value_ {
  operator bool() const;
  template <class Right_> Compared_<Left_, Right_> operator==(const Right_ &) const;
  template <class Right_> Compared_<Left_, Right_> operator!=(const Right_ &) const;
  template <class Right_> Compared_<Left_, Right_> operator<(const Right_ &) const;
  template <class Right_> Compared_<Left_, Right_> operator<=(const Right_ &) const;
  template <class Right_> Compared_<Left_, Right_> operator>(const Right_ &) const;
  template <class Right_> Compared_<Left_, Right_> operator>=(const Right_ &) const;
  /* These bind less tightly than a comparison. */
  template <class Right_> bool operator=(const Right_ &) const;
  template <class Right_> bool operator+=(const Right_ &) const;
  template <class Right_> bool operator-=(const Right_ &) const;
  template <class Right_> bool operator*=(const Right_ &) const;
  template <class Right_> bool operator/=(const Right_ &) const;
  template <class Right_> bool operator%=(const Right_ &) const;
  template <class Right_> bool operator&=(const Right_ &) const;
  template <class Right_> bool operator|=(const Right_ &) const;
  template <class Right_> bool operator^=(const Right_ &) const;
  template <class Right_> bool operator<<=(const Right_ &) const;
  template <class Right_> bool operator>>=(const Right_ &) const;
  template <class Right_> bool operator&(const Right_ &) const;
  template <class Right_> bool operator|(const Right_ &) const;
  template <class Right_> bool operator^(const Right_ &) const;
  template <class Right_> bool operator||(const Right_ &) const;
};
struct Expression_ {
  template <class Left_> Value_<Left_> operator<=(const Left_ &) const;
};

template <class Type_> struct Of_ {
  static bool fair_() { return true; }
};
template <class Left_, class Right_> struct Of_<Compared_<Left_, Right_>> {
  typedef typename std::decay<Left_>::type One_;
  typedef typename std::decay<Right_>::type Two_;
  static bool fair_() { return std::is_same<One_, Two_>::value || plain_<One_>::is_() == plain_<Two_>::is_(); }
};

}
