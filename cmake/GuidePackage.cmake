# The installed package: find_package(guide COMPONENTS plan render), and the Debian package by CPack.

include(CMakePackageConfigHelpers)

get_property(guide_modules GLOBAL PROPERTY GUIDE_MODULES)
set(GUIDE_COMPONENT_TABLE "")
foreach(module IN LISTS guide_modules)
  get_property(needs GLOBAL PROPERTY GUIDE_${module}_NEEDS)
  get_property(packages GLOBAL PROPERTY GUIDE_${module}_PACKAGES)
  string(APPEND GUIDE_COMPONENT_TABLE "set(guide_${module}_needs \"${needs}\")\n")
  string(APPEND GUIDE_COMPONENT_TABLE "set(guide_${module}_packages \"${packages}\")\n")
endforeach()

set(guide_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/guide")
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/guideConfig.cmake.in"
                              "${CMAKE_CURRENT_BINARY_DIR}/guideConfig.cmake"
                              INSTALL_DESTINATION "${guide_package_dir}")
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/guideConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/guideConfig.cmake"
              "${CMAKE_CURRENT_BINARY_DIR}/guideConfigVersion.cmake" DESTINATION "${guide_package_dir}")

if(PROJECT_IS_TOP_LEVEL)
  install(FILES LICENSE README.md CHANGELOG.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")

  set(CPACK_GENERATOR DEB)
  set(CPACK_PACKAGE_NAME guide)
  set(CPACK_PACKAGE_VENDOR "guide project")
  set(CPACK_PACKAGE_CONTACT "guide maintainers <maintainers@guide.invalid>")
  set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
  set(CPACK_RESOURCE_FILE_LICENSE "${CMAKE_CURRENT_SOURCE_DIR}/LICENSE")
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
  set(CPACK_STRIP_FILES ON)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
  # Our own libraries lie in the build tree, where dpkg-shlibdeps has to be told to look.
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${CMAKE_LIBRARY_OUTPUT_DIRECTORY}")
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_PACKAGE_SECTION science)
  set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
  # Opened at run time, so no tool finds them: pictures without a display are drawn through EGL.
  set(CPACK_DEBIAN_PACKAGE_DEPENDS "libegl1, libegl-mesa0, libgl1-mesa-dri")
  set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "xvfb")
  set(CPACK_DEBIAN_PACKAGE_SUGGESTS "libeigen3-dev, libexpected-dev, libvtk9-dev, libinsighttoolkit5-dev, libopencv-dev")
  include(CPack)
endif()
